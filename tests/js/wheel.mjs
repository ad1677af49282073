// Makes a wheel: a zip file whose members are stored as they are.
import zlib from "node:zlib";

/** The bytes of a wheel with these files, by path. */
export function makeWheel(files) {
  const parts = [], directory = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const path = Buffer.from(name), data = Buffer.from(text);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(zlib.crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(path.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\x00"), common, place, path);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, path, data]);
    parts.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(directory), end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, list, end]);
}

/** A small package with a dependency. */
export const wheels = {
  "tiny-1.2-py3-none-any.whl": makeWheel({
    "tiny/__init__.py": "from tiny_helper import help_me\nanswer = help_me(20)\n",
    "tiny-1.2.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.2\n",
    "tiny-1.2.dist-info/RECORD": "",
  }),
  "tiny_helper-0.1-py3-none-any.whl": makeWheel({
    "tiny_helper.py": "def help_me(n):\n    return n + 1\n",
    "tiny_helper-0.1.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny-helper\nVersion: 0.1\n",
  }),
};
