using System.Text;

namespace Osprey.Tests.Cli.Rest;

/// <summary>An OSVT dump of two CPUs with three tracepoints, two of which occur, and the guest's own symbols.</summary>
internal sealed class SmallDump : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private readonly BinaryWriter _writer;

    private SmallDump() => _writer = new BinaryWriter(_bytes);

    public static byte[] Build()
    {
        using SmallDump dump = new();
        dump.Chunk(
            "TVSO",
            () =>
            {
                dump._writer.Write(1);
                dump._writer.Write(1);
                dump.Chunk("DCRT", dump.WriteDictionary);
                dump.Chunk("SDOM", dump.WriteModules);
                dump.Chunk("BMYS", dump.WriteSymbols);
                dump.Chunk(
                    "SCRT",
                    () =>
                    {
                        dump.WriteSample(0x3000, "init", 1000, 0, [0x40000011, 0x50001021]);
                        dump._writer.Write("\u0005/helloGARBAGE"u8);
                        dump._writer.Write(new byte[50 - 14]);
                        dump.WriteSample(0x1000, "idle", 3000, 0, [0x40000011, 0x1]);
                    }
                );
                dump.Chunk("SCRT", () => dump.WriteSample(0x1000, "worker", 2000, 1, []));
            }
        );
        return dump._bytes.ToArray();
    }

    public void Dispose() => _writer.Dispose();

    private void WriteDictionary()
    {
        _writer.Write(10);
        _writer.Write(3);
        foreach (
            (long key, string name, string format, string types) in new[]
            {
                (0x1000L, "sched_wait", "", ""),
                (0x2000L, "never", "", ""),
                (0x3000L, "vfs_open", "\"%s\"", "p"),
            }
        )
        {
            Align(8);
            _writer.Write(key);
            Text(name);
            Text(name);
            Text("OSv");
            Text(format);
            Align(4);
            _writer.Write(types.Length);
            foreach (char type in types)
            {
                Text("0");
                _writer.Write((byte)type);
            }
        }
    }

    private void WriteModules()
    {
        _writer.Write(2);
        foreach (
            (string path, long start, long size) in new[]
            {
                ("", 0x40000000L, 0x1000000L),
                ("/usr/lib/libapp.so", 0x50000000L, 0x10000L),
            }
        )
        {
            Text(path);
            Align(8);
            _writer.Write(start);
            _writer.Write(size);
            _writer.Write(0);
        }
    }

    private void WriteSymbols()
    {
        _writer.Write(1);
        Text("sched::thread::wait()");
        Align(8);
        _writer.Write(0x40000000L);
        _writer.Write(0x100L);
        Text("");
        Align(4);
        _writer.Write(0);
    }

    private void WriteSample(long key, string thread, long time, int cpu, long[] backtrace)
    {
        Align(8);
        _writer.Write(key);
        _writer.Write(0x7000L + cpu);
        _writer.Write(Encoding.ASCII.GetBytes(thread.PadRight(16, '\0')));
        _writer.Write(time);
        _writer.Write(cpu);
        _writer.Write(backtrace.Length > 0 ? 1 : 0);
        for (int i = 0; backtrace.Length > 0 && i < 10; i++)
            _writer.Write(i < backtrace.Length ? backtrace[i] : 0);
    }

    private void Text(string text)
    {
        Align(2);
        _writer.Write((ushort)text.Length);
        _writer.Write(Encoding.ASCII.GetBytes(text));
    }

    private void Chunk(string tag, Action write)
    {
        Align(8);
        _writer.Write(Encoding.ASCII.GetBytes(tag));
        _writer.Write(0);
        long size = _bytes.Position;
        _writer.Write(0L);
        write();
        long end = _bytes.Position;
        _bytes.Position = size;
        _writer.Write(end - size - 8);
        _bytes.Position = end;
    }

    private void Align(int alignment)
    {
        while (_bytes.Position % alignment != 0)
            _writer.Write((byte)0);
    }
}
