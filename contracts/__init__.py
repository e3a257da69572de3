"""What runs on a chain: Solidity sources and their ABI, read only by the ledger.

Nothing here imports anything of ours.
"""
