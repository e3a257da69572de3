// Fragment: what is said of a thing now.
«anchor».«name»
