import hashlib, hmac, random
random.seed(3)
d = b"".join(bytes([random.randrange(256)]) for _ in range(1000))
for n in sorted(hashlib.algorithms_guaranteed):
    for l in (0, 1, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 135, 136, 137, 143, 144, 167, 168, 169, 300, 1000):
        h = hashlib.new(n, d[:l // 2]); c = h.copy(); h.update(d[l // 2:l]); c.update(b"x")
        print(n, l, h.hexdigest(20) if n.startswith("shake") else h.hexdigest(), (c.hexdigest(4) if n.startswith("shake") else c.hexdigest())[:8])
print(hashlib.shake_128(b"a").hexdigest(500)[-40:])
print(hashlib.blake2b(b"x", digest_size=20, key=b"key", salt=b"salt", person=b"me", fanout=2, depth=3, leaf_size=4, node_offset=5, node_depth=1, inner_size=6, last_node=True).hexdigest())
print(hashlib.blake2s(b"x" * 200, key=b"k" * 32, digest_size=7).hexdigest(), hashlib.blake2s().digest_size, hashlib.blake2b.SALT_SIZE)
print(hmac.new(b"key", b"msg", "sha256").hexdigest(), hmac.digest(b"k", b"m", "sha512").hex(), hmac.compare_digest("a", "a"))
import io
print(hashlib.file_digest(io.BytesIO(d), "sha1").hexdigest())
