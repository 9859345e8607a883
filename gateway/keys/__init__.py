"""Keys: data keys encrypt recordings, master keys wrap data keys, signing keys sign evidence.

`keyring` opens them for a process; `master`, `data` and `signing` are one kind each; `folder` manages key files.
`reelgate keys` is in `gateway.commands.keys`. No key is ever logged, shown or stored in the database in clear.
"""
