/** Random bytes: the platform's, or a reproducible sequence for sessions with a seed. */

/** A source of bytes. A seeded one is xorshift64*: good for reproducible runs, not for secrets. */
export function createRandom(seed: bigint | undefined): (buffer: Uint8Array) => void {
  if (seed === undefined) return fill;
  const mask = (1n << 64n) - 1n;
  let state = (seed & mask) ^ 0x9e3779b97f4a7c15n || 1n;
  return (buffer) => {
    for (let i = 0; i < buffer.length; i++) {
      state ^= state >> 12n;
      state = (state ^ (state << 25n)) & mask;
      state ^= state >> 27n;
      buffer[i] = Number(((state * 0x2545f4914f6cdd1dn) & mask) >> 56n);
    }
  };
}

function fill(buffer: Uint8Array): void {
  // The platform gives at most 65,536 bytes at once, and none into shared memory views.
  for (let start = 0; start < buffer.length; start += 65536) {
    const part = new Uint8Array(Math.min(65536, buffer.length - start));
    crypto.getRandomValues(part);
    buffer.set(part, start);
  }
}
