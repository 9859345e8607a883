"""Two demo desktops: VNC (TigerVNC) and RDP (xrdp), each with an open terminal.

`reelgate demo` supervises their programs and creates targets for them; the tests use them too.
"""
