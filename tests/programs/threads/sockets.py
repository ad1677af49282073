# oracle: native
# Sockets over the loopback: between threads, with select, with a server.
import select
import selectors
import socket
import socketserver
import threading

a, b = socket.socketpair()
a.sendall(b'hello')
print(b.recv(3), b.recv(10))
b.sendall(b'x' * 10)
b.close()
print(a.recv(100), a.recv(5))
a.close()

server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen()
port = server.getsockname()[1]


def serve():
    connection, address = server.accept()
    with connection:
        while data := connection.recv(100):
            connection.sendall(data.upper())


thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(('localhost', port)) as client:
    client.sendall(b'abc')
    print(client.recv(10), client.getpeername() == ('127.0.0.1', port))
    client.settimeout(0.05)
    try:
        client.recv(1)
    except TimeoutError as error:
        print(error)
    client.setblocking(False)
    try:
        client.recv(1)
    except BlockingIOError as error:
        print(error)
    buffer = bytearray(5)
    client.setblocking(True)
    client.sendall(b'12345')
    print(client.recv_into(memoryview(buffer)[1:]), buffer)
    client.shutdown(socket.SHUT_WR)
    print(client.recv(10))
thread.join()
server.close()
try:
    socket.create_connection(('127.0.0.1', port))
except OSError as error:
    print(error)

# More than fits on the way.
a, b = socket.socketpair()
received = []


def drain():
    while data := b.recv(65536):
        received.append(len(data))


thread = threading.Thread(target=drain)
thread.start()
a.sendall(bytes(2_000_000))
a.close()
thread.join()
print(sum(received))

# Datagrams.
one = socket.socket(type=socket.SOCK_DGRAM)
one.bind(('127.0.0.1', 0))
two = socket.socket(type=socket.SOCK_DGRAM)
two.sendto(b'first', one.getsockname())
two.sendto(b'second', one.getsockname())
print(one.recvfrom(3)[0], one.recvfrom(100)[0])
print(select.select([one], [], [], 0.01)[0])
two.sendto(b'third', one.getsockname())
print(len(select.select([one], [one], [], 1)[0]))

a, b = socket.socketpair()
with selectors.DefaultSelector() as selector:
    selector.register(a, selectors.EVENT_READ, 'a')
    print(selector.select(0.01))
    b.send(b'!')
    print([(key.data, mask) for key, mask in selector.select(1)])
with b.makefile('rw', newline='\n') as stream:
    a.sendall('zeile eins\nzwei\n'.encode())
    print(stream.readline(), end='')
    stream.write('back\n')
    stream.flush()
    print(a.recv(10))


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line[::-1].strip() + b'\n')


with socketserver.ThreadingTCPServer(('127.0.0.1', 0), Handler) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for word in b'one', b'two':
        with socket.create_connection(server.server_address) as client:
            client.sendall(word + b'\n')
            print(client.makefile('rb').readline())
    server.shutdown()
print(socket.getaddrinfo('127.0.0.1', 80, type=socket.SOCK_STREAM)[0][4])
print(socket.inet_aton('1.2.3.4'), socket.inet_ntoa(b'\x7f\0\0\1'), socket.htons(1), socket.ntohl(1))
print(socket.inet_pton(socket.AF_INET6, '::1'), socket.inet_ntop(socket.AF_INET6, bytes(15) + b'\2'))
