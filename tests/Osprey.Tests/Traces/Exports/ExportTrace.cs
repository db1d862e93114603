using System.Buffers.Binary;
using System.Text;
using Osprey.Traces.Formats.Tracefile;
using Osprey.Traces.Model;

namespace Osprey.Tests.Traces.Exports;

/// <summary>A small tracefile with its symbols file, in a folder that is deleted afterwards.</summary>
internal sealed class ExportTrace : IDisposable
{
    private readonly TracepointTable _tracepoints = new();
    private readonly MemoryStream _samples = new();
    private readonly StringBuilder _symbols = new();

    /// <summary>The folder, for other files too.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("osprey-export-").FullName;

    /// <summary>The tracefile, written at this moment.</summary>
    public string Path
    {
        get
        {
            string path = System.IO.Path.Combine(Folder, "tracefile");
            using FileStream file = File.Create(path);
            _ = new TracefileWriter(file, _tracepoints.All);
            _samples.WriteTo(file);
            File.WriteAllText(path + ".symbols", _symbols.ToString());
            return path;
        }
    }

    /// <summary>A trace with everything that exports tell apart.</summary>
    public static ExportTrace CreateMixed()
    {
        ExportTrace trace = new();
        trace
            .Symbol(0x1000, "vfs/main.cc", 12, "open(char const*)")
            .Symbol(0x2000, "vfs/main.cc", 40, "read<a, \"b;c\">")
            .Symbol(0x3000, "app.c", 7, "main");
        trace.Add(
            1000,
            0,
            0xffff80000001,
            ">init",
            "vfs_open",
            "50piI",
            "\"%s\" 0x%x 0%0o",
            [.. TextField("/a, \"b\""), 0, 0, 0x42, 0, 0, 0, 0, 0, 0, 0],
            0x1001,
            0x3001
        );
        trace.Add(1500, 1, 0xffff80000002, "worker", "sched_wait", "", "", [], 0x2001, 0x3001);
        trace.Add(1600, 1, 0xffff80000002, "worker", "sched_load", "Q", "load=%d", Number(3));
        trace.Add(
            1700,
            1,
            0xffff80000002,
            "worker",
            "sched_switch",
            "Pff",
            "to %p vold=%g vnew=%g",
            [.. Number(0xffff80000001), 0, 0, 128, 63, 0, 0, 0, 64]
        );
        trace.Add(2000, 0, 0xffff80000001, ">init", "vfs_read", "i", "%d", [7, 0, 0, 0], 0x2001, 0x1001, 0x3001);
        trace.Add(2500, 0, 0xffff80000001, ">init", "vfs_read_err", "i", "%d", [5, 0, 0, 0]);
        trace.Add(
            2600,
            1,
            0xffff80000001,
            ">init",
            "sched_switch",
            "Pff",
            "to %p vold=%g vnew=%g",
            [.. Number(0xffff80000002), 0, 0, 128, 63, 0, 0, 0, 64]
        );
        trace.Add(3000, 1, 0xffff80000001, ">init", "vfs_open_ret", "i", "%d", [3, 0, 0, 0]);
        trace.Add(3100, 1, 0xffff80000002, "worker", "sched_wait_ret", "", "", [], 0x4001);
        trace.Add(3200, 1, 0xffff80000002, "worker", "vfs_read_err", "i", "%d", [9, 0, 0, 0]);
        trace.Add(3300, 0, 0xffff80000001, ">init", "sched_wait", "", "", [], 0x2001, 0x3001);
        trace.Add(3400, 0, 0xffff80000003, "", "mutex_lock_wait", "P", "%p", Number(0xffff8000000f));
        trace.Add(
            4000,
            1,
            0xffff80000002,
            "worker",
            "sched_wake",
            "P",
            "wake %p",
            Number(0xffff80000001),
            0x1001,
            0x3001
        );
        return trace;
    }

    public ExportTrace Symbol(ulong address, string file, int line, string name)
    {
        _symbols.Append($"0x{address:x} {file} {line} {name}\n");
        return this;
    }

    /// <summary>Adds a sample, and its tracepoint when it is new.</summary>
    public ExportTrace Add(
        ulong time,
        uint cpu,
        ulong thread,
        string name,
        string tracepoint,
        string signature,
        string format,
        byte[] payload,
        params ulong[] frames
    )
    {
        Tracepoint known = Tracepoint(tracepoint, signature, format);
        using BinaryWriter writer = new(_samples, Encoding.UTF8, leaveOpen: true);
        byte[] field = new byte[16];
        Encoding.UTF8.GetBytes(name).CopyTo(field, 0);
        writer.Write(known.Key);
        writer.Write(thread);
        writer.Write(field);
        writer.Write(time);
        writer.Write(cpu);
        foreach (ulong frame in frames)
            writer.Write(frame);

        writer.Write(0UL);
        writer.Write(payload);
        return this;
    }

    /// <summary>Adds a tracepoint to the dictionary.</summary>
    public Tracepoint Tracepoint(string name, string signature, string format) =>
        _tracepoints.All.FirstOrDefault(tracepoint => tracepoint.Name == name)
        ?? _tracepoints.Add(
            0x100UL + (ulong)_tracepoints.Count,
            Encoding.UTF8.GetBytes(name),
            Encoding.UTF8.GetBytes(signature),
            Encoding.UTF8.GetBytes(format)
        );

    /// <summary>The argument of a packet's tracepoint.</summary>
    public static byte[] Packet(int protocol, byte[] captured) =>
        [(byte)protocol, 0, 0, 0, (byte)captured.Length, (byte)(captured.Length >> 8), .. captured];

    public static byte[] Number(ulong value)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static byte[] TextField(string text)
    {
        byte[] field = new byte[50];
        field[0] = (byte)text.Length;
        Encoding.ASCII.GetBytes(text).CopyTo(field, 1);
        return field;
    }
}
