"""The README of an export."""

from typing import Final

README: Final = """\
This is an export from Reelgate, a gateway that records sessions on other machines.

To check that it is what the site handed out, and that the recording in it is complete and
unaltered since it was recorded, you need Python 3.8 or newer and nothing else: no network,
no account. Unpack everything into an empty folder and run there

    python3 verify.py --key FINGERPRINT

FINGERPRINT is that of the site's public key (64 digits). Get it from the site separately from
this file. Without --key the program can only show that the export matches the key it contains.
Anybody can make a key, so it then exits with status 3.

  bundle.json, bundle.sig  list of all files with their SHA-256, and the site's signature on it
  keys/                    the site's public keys (Ed25519), as OpenSSL reads them
  verify.py                the program that checks the export

In a bundle, as far as its recording has them:
  manifest.jsonl           what was recorded when: a chain of lines, signed at least every ten
                           seconds while the session ran
  segments/                the recording itself (of a desktop: in the protocol of Apache Guacamole)
  video.mp4                the recording as a video
  keyframes.zip            every picture in which something changed
  spans.jsonl.gz           what was read on the screen, and when
  text.jsonl.gz            what was typed, copied and transferred, and when
  hits.json, hits/         what was searched for, and the pictures in which it appeared
  recording.json           what the site knows about the recording: who, where, when, gaps
  audit.jsonl              what the site's audit trail says about the recording
  audit-head.json          where that trail ended, signed: keep it to detect a rollback of the trail

In a clip or a redacted copy:
  copy.mp4                 the copy
  copy.json                which recording it is a copy of, and which areas were covered

Video, pictures and text are derived from the recording; the evidence is the recording itself.
Black boxes in a redacted copy cover text that a program recognised there.
"""
