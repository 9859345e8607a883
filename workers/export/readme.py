"""The README of an export."""

from typing import Final

README: Final = """\
This is an export from Reelgate, a gateway that records sessions on other machines.

To check that it is what the site handed out, and that the recording in it is whole and
unaltered since it was recorded, you need Python 3.8 or newer and nothing else: no network,
no account. Unpack everything into a folder of its own and run there

    python3 verify.py --key FINGERPRINT

FINGERPRINT is that of the site's public key (64 digits). Get it from the site by another way
than the one on which you got this file. Without --key the program only shows that the export
fits the key that is in it, which anybody can make, and ends with status 3.

  bundle.json, bundle.sig  list of all files with their SHA-256, and the site's signature on it
  keys/                    the site's public keys (Ed25519), as OpenSSL reads them
  verify.py                the program that checks

In a bundle:
  manifest.jsonl           what was recorded when: a chain of lines, signed at least every ten
                           seconds while the session ran
  segments/                the recording itself, in the protocol of Apache Guacamole
  video.mp4                the recording as a video
  keyframes.zip            every picture in which something changed
  spans.jsonl.gz           what was read on the screen, typed and copied, and when
  hits.json, hits/         what was searched for, and the pictures in which it came up
  recording.json           what the site knows of the recording: who, where, when, gaps
  audit.jsonl              what the site's audit trail says of the recording
  audit-head.json          where that trail ended, signed: keep it, and it cannot be rolled back

In a clip or a redacted copy:
  copy.mp4                 the copy
  copy.json                of which recording it is a copy, and what was covered in it

Video, pictures and text are derived from the recording; what counts as evidence is the
recording itself. Black boxes in a redacted copy cover what was read there by a program.
"""
