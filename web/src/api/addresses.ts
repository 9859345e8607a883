/** Addresses of pictures, films and files. */

export function frameAddress(recordingId: string, offsetMs: number, width: number): string {
  return `/api/recordings/${encodeURIComponent(recordingId)}/frame?offset_ms=${Math.max(0, Math.round(offsetMs))}&width=${width}`;
}

export function videoAddress(recordingId: string): string {
  return `/api/recordings/${encodeURIComponent(recordingId)}/video`;
}

export function originalAddress(recordingId: string): string {
  return `/api/recordings/${encodeURIComponent(recordingId)}/original`;
}
