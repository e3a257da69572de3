"""The utcs command: what a person types, and what the terminal shows.

Starting and stopping the parts of one machine is cli.local. Nobody imports this folder.
"""
