// Replaces the bodies of a wasm module's functions by `unreachable`.

/** The same module, of which every function traps. Sizes stay, so nothing else moves. */
export function broken(module) {
  const bytes = Buffer.from(module);
  let at = 8;
  const number = () => {
    let value = 0, shift = 0, byte;
    do {
      byte = bytes[at++];
      value |= (byte & 127) << shift;
      shift += 7;
    } while (byte & 128);
    return value >>> 0;
  };
  while (at < bytes.length) {
    const section = bytes[at++], end = number() + at;
    if (section === 10) {
      for (let left = number(); left > 0; left--) {
        const next = number() + at;
        // No locals, unreachable, then nothing at length.
        bytes.fill(1, at, next);
        bytes[at] = 0;
        bytes[at + 1] = 0;
        bytes[next - 1] = 0x0b;
        at = next;
      }
    }
    at = end;
  }
  return bytes;
}
