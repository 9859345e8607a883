"""Keys: data keys encrypt recordings, master keys wrap data keys, signing keys sign what is claimed.

`keyring` opens them for a process; `master`, `data` and `signing` are one kind each; `folder` keeps key files.
`reelgate keys` is in `gateway.commands.keys`. No key is ever logged, shown or put into the database in clear.
"""
