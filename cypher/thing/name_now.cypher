// Fragment: what a thing is called now.
«anchor».name
