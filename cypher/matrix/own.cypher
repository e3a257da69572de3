// Fragment: a property has, or begins with, what is asked for.
«said» «operator» $«name»
