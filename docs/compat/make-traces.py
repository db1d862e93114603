#!/usr/bin/env python3
"""Writes the small traces that docs/compat.md shows, beside this script: make-traces.py [FOLDER]."""
import os
import struct
import sys

SIZES = {"b": 1, "i": 4, "I": 4, "q": 8, "Q": 8, "P": 8}
MS = 1_000_000


class Trace:
    """A trace, told as tracepoints and samples."""

    def __init__(self):
        self.tracepoints = {}
        self.samples = []

    def define(self, name, signature="", form=""):
        self.tracepoints[name] = (0x40601000 + 0x80 * len(self.tracepoints), signature, form)
        return self

    def add(self, time, name, *args, cpu=0, thread=1, frames=()):
        if name not in self.tracepoints:
            self.define(name)
        self.samples.append((time, name, args, cpu, thread, frames))
        return self

    def payload(self, signature, args):
        data = b""
        for kind, value in zip(signature, args):
            if kind == "p":
                text = value.encode()
                data += bytes([len(text)]) + text.ljust(49, b"\0")
                continue
            size = 2 if kind == "*" else SIZES[kind]
            data += b"\0" * (-len(data) % size)
            data += struct.pack("<H", len(value)) + value if kind == "*" else struct.pack("<" + kind.replace("P", "Q"), value)
        return data

    def tracefile(self):
        data = struct.pack("<iQ", 3, len(self.tracepoints))
        for name, (key, signature, form) in self.tracepoints.items():
            data += struct.pack("<Q", key)
            for text in (name, signature.replace("p", "50p"), form):
                data += struct.pack("<H", len(text)) + text.encode()
        for time, name, args, cpu, thread, frames in self.samples:
            key, signature, _ = self.tracepoints[name]
            data += struct.pack("<QQ16sQI", key, pointer(thread), thread_name(thread), time, cpu)
            data += b"".join(struct.pack("<Q", frame) for frame in frames) + bytes(8)
            data += self.payload(signature, args)
        return data

    def dump(self, symbols=(), cpus=1):
        """The same as an OSVT dump, each CPU's samples in the order given."""
        dictionary = struct.pack("<II", 10, len(self.tracepoints))
        for name, (key, signature, form) in self.tracepoints.items():
            dictionary += bytes(-len(dictionary) % 8) + struct.pack("<Q", key)
            for text in (name, name, "OSv", form):
                dictionary += bytes(-len(dictionary) % 2) + struct.pack("<H", len(text)) + text.encode()
            dictionary += bytes(-len(dictionary) % 4) + struct.pack("<I", len(signature))
            for index, kind in enumerate(signature):
                dictionary += bytes(-len(dictionary) % 2) + struct.pack("<H", 1) + str(index).encode() + kind.encode()
        chunks = [(b"DCRT", dictionary)]
        table = struct.pack("<I", len(symbols))
        for name, address, size in symbols:
            table += bytes(-len(table) % 2) + struct.pack("<H", len(name)) + name.encode()
            table += bytes(-len(table) % 8) + struct.pack("<QQHxxI", address, size, 0, 0)
        if symbols:
            chunks.append((b"BMYS", table))
        for cpu in range(cpus):
            records = b""
            for time, name, args, at, thread, frames in self.samples:
                if at != cpu:
                    continue
                key, signature, _ = self.tracepoints[name]
                records += bytes(-len(records) % 8)
                records += struct.pack("<QQ16sQII", key, pointer(thread), thread_name(thread), time, cpu, 1 if frames else 0)
                if frames:
                    records += struct.pack("<10Q", *frames, *[0] * (10 - len(frames)))
                records += self.payload(signature, args)
            chunks.append((b"SCRT", records))
        body = struct.pack("<II", 1, 1)
        for tag, content in chunks:
            body += bytes(-len(body) % 8) + tag + bytes(4) + struct.pack("<Q", len(content)) + content
        return b"TVSO" + bytes(4) + struct.pack("<Q", len(body)) + body


def pointer(thread):
    return 0xffff800000a00000 + 0x1000 * thread + 0x40 if thread else 0


def thread_name(thread):
    return b"thread%d" % thread if thread else b""


def vfs(trace):
    return (trace.define("vfs_open", "piI", '"%s" 0x%x 0%0o').define("vfs_open_ret", "i", "%d")
            .define("vfs_open_err", "i", "%d"))


def ethernet(length, data):
    """An IPv4/UDP packet of `length` bytes in all, of which only `data` was captured behind the headers."""
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, length, 1, 0, 64, 17, 0, bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2]))
    total = sum(struct.unpack(">10H", ip))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    ip = ip[:10] + struct.pack(">H", ~total & 0xffff) + ip[12:]
    return bytes.fromhex("525400000002525400000001") + b"\x08\0" + ip + struct.pack(">HHHH", 5000, 5001, length - 20, 0) + data


def traces():
    yield "pairs", (vfs(Trace())
        .add(1 * MS, "vfs_open", "/etc/hosts", 0, 0).add(2 * MS, "vfs_open_ret", 3)
        .add(3 * MS, "vfs_open", "/nothing", 0, 0).add(int(3.5 * MS), "vfs_open_err", 2)
        .add(5 * MS, "vfs_open", "/dev/random", 0, 0).add(6 * MS, "sched_wait")).tracefile()

    yield "nested", (Trace().add(1 * MS, "page_fault_ret").add(2 * MS, "page_fault").add(3 * MS, "page_fault")
        .add(4 * MS, "page_fault_ret").add(7 * MS, "page_fault_ret")).tracefile()

    yield "suffix", (Trace().add(1 * MS, "tcp_output_error").add(2 * MS, "tcp_output").add(5 * MS, "tcp_output_error")
        .add(6 * MS, "sched_wait")).tracefile()

    yield "never-closed", (Trace().add(1 * MS, "mutex_lock_wait", frames=(0x1001,)).add(9 * MS, "sched_wait")).tracefile()

    yield "gap", (Trace().add(1 * MS, "load_ret").add(2 * MS, "load").add(3 * MS, "sched_wait", cpu=1, thread=2)
        .add(4 * MS, "load", cpu=1).add(6 * MS, "load_ret", cpu=1).add(9 * MS, "load_ret")).tracefile()

    yield "time-zero", (Trace().add(0, "boot", cpu=0xffffffff, thread=0, frames=(0x1001,)).add(0, "load", frames=(0x2001,)).add(2 * MS, "load_ret")
        .add(5 * MS, "load", frames=(0x2001,)).add(8 * MS, "load_ret")).tracefile()

    yield "edges", (Trace().add(10, "load_ret").add(20, "load", frames=(0x1001,)).add(30, "load_ret").add(30, "load", frames=(0x2001,))
        .add(45, "load_ret")).tracefile()

    wall = 1389797838338931799
    yield "wall-clock", (Trace().add(wall, "load").add(wall + 100, "load_ret").add(wall + 300, "load").add(wall + 400, "load_ret")).tracefile()

    yield "states", (Trace().define("tcp_state", "Pii", "tp=%p, %d -> %d").add(1 * MS, "tcp_state", 0xffffa000027ef800, 4, 10)
        .add(2 * MS, "tcp_state", 0xffffa000027ef800, 10, 0)).tracefile()

    packet = ethernet(100, b"hello")
    yield "packets", (Trace().define("net_packet_in", "i*", "proto=%d, data=%s").define("net_packet_out", "i*", "proto=%d, data=%s")
        .add(1_213_511_843, "net_packet_in", 9, packet).add(2_999_999_999, "net_packet_out", 1, packet[14:])).tracefile()
    yield "igmp", (Trace().define("net_packet_in", "i*", "proto=%d, data=%s")
        .add(1 * MS, "net_packet_in", 2, b"\x16\0\0\0").add(2 * MS, "net_packet_in", 9, packet)).tracefile()

    yield "function", (Trace().add(1 * MS, "hit", frames=(0x1001, 0x2001)).add(2 * MS, "hit", frames=(0x3001, 0x1001, 0x2001))).tracefile()
    yield "function.symbols", b"0x1000 a.cc 10 read\n0x2000 a.cc <?> main\n0x3000 b.cc 30 copy;move\n"

    yield "tracing", Trace().add(1 * MS, "hit", frames=(0x1001, 0x2001, 0x3001, 0x4001)).tracefile()
    yield "tracing.symbols", (b"0x1000 core/trace.cc 10 tracepoint_base::log_backtrace(trace_record*, unsigned char*&)\n0x2000 core/log.cc 20 trace_slow_path\n"
                              b"0x3000 fs/vfs.cc 30 open\n0x4000 app.cc 40 main\n")

    malloc = Trace().define("memory_malloc_mempool", "PQQQ", "buf=%p, req_len=%d, alloc_len=%d, align=%d")
    for index in range(4):
        malloc.add((index + 1) * MS, "memory_malloc_mempool", 0x1000 + 64 * index, 40, 64, 16,
                   frames=(0x9001, 0x1001, 0x2001, 0x3001 if index < 3 else 0x4001))
    yield "allocations", malloc.tracefile()
    yield "allocations.symbols", b"0x9000 malloc.cc 1 malloc\n0x1000 a.cc 10 make_string\n0x2000 a.cc 20 parse\n0x3000 a.cc 30 read_file\n0x4000 a.cc 40 read_socket\n"

    yield "idle", (Trace().add(10, "sched_wait", frames=(0x1001,)).add(20, "sched_idle").add(50, "sched_idle_ret")
        .add(60, "sched_wait_ret", cpu=1).add(100, "sched_idle").add(200, "sched_idle_ret")).tracefile()

    yield "load", (Trace().define("sched_load", "Q", "load=%d").add(1 * MS, "sched_load", 3).add(2 * MS, "sched_load", 1000, cpu=1)
        .add(3 * MS, "sched_load", 12)).tracefile()

    wake = Trace().define("sched_wake", "P", "wake %p")
    wake.add(1 * MS, "sched_wait").add(int(1.5 * MS), "sched_wake", pointer(1), thread=2).add(2 * MS, "sched_wait_ret")
    wake.add(4 * MS, "sched_wait").add(5 * MS, "sched_wake", pointer(1), thread=2).add(7 * MS, "sched_wait").add(8 * MS, "sched_wait_ret")
    yield "wakeups", wake.tracefile()

    yield "values", (Trace().define("minus", "iqb", "%x %lu %o").define("alternate", "I", "%#o").define("pointer", "P", "%s")
        .define("misfit", "ii", "%d").add(1 * MS, "minus", -1, -1, -1).add(2 * MS, "alternate", 8).add(3 * MS, "pointer", 0x1000)).tracefile()
    yield "misfit", (Trace().define("misfit", "ii", "%d").add(1 * MS, "misfit", 1, 2)).tracefile()

    ties = Trace()
    for cpu in range(4):
        ties.add(1 * MS, "hit", cpu=cpu, thread=cpu + 1)
    yield "ties", ties.dump(cpus=4)

    yield "symbols", (Trace().add(1 * MS, "hit", frames=(0x1001,)).add(2 * MS, "hit", frames=(0x1011,)).add(3 * MS, "hit", frames=(0x2001,)).add(4 * MS, "hit", frames=(0x2009,))
        ).dump(symbols=[("first", 0x1000, 0x100), ("second", 0x2000, 0x100)])

    yield "cpus", (Trace().add(1 * MS, "hit", cpu=10).add(2 * MS, "hit", cpu=0xffffffff)).tracefile()

    yield "empty", Trace().define("hit").tracefile()
    yield "no-backtrace", Trace().add(1 * MS, "hit").tracefile()
    yield "cut", Trace().add(1 * MS, "hit").add(2 * MS, "hit").tracefile()[:-20]
    yield "utf8", (Trace().define("elf_load", "p", "%s").add(1 * MS, "elf_load", "/lib/é")).tracefile().replace("é".encode(), b"\xc3?")


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    for name, data in traces():
        stem, _, suffix = name.partition(".")
        with open(os.path.join(folder, stem + ".trace" + ("." + suffix if suffix else "")), "wb") as file:
            file.write(data)


main()
