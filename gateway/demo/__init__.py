"""Two desktops to try Reelgate on: VNC by TigerVNC and RDP by xrdp, each with a terminal open.

Called by `reelgate demo`, which supervises their programs and turns their descriptions into targets, and by the tests.
"""
