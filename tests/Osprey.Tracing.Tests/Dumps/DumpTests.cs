using System.Diagnostics;
using Osprey.Traces;
using Osprey.Traces.Formatting;
using Osprey.Traces.Model;
using Osprey.Traces.Text;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing.Tests.Dumps;

/// <summary>Dumps of our rings, read by Osprey.Traces and by OSv's own tool.</summary>
public sealed class DumpTests : IDisposable
{
    private static readonly Tracepoint s_plain = Tracepoint.Define("dump_plain");

    private static readonly Tracepoint<string, int, uint> s_open = Tracepoint.Define<string, int, uint>(
        "dump_open",
        "\"%s\" 0x%x 0%0o"
    );

    private static readonly Tracepoint<sbyte, byte, short, ushort, int, uint, long, ulong, nint> s_integers =
        Tracepoint.Define<sbyte, byte, short, ushort, int, uint, long, ulong, nint>(
            "dump_integers",
            "%d %u %d %u %d %u %ld %lu %p"
        );

    private static readonly Tracepoint<bool, float, double, FileMode, string?> s_others = Tracepoint.Define<
        bool,
        float,
        double,
        FileMode,
        string?
    >("dump_others", "%d %g %g %d %s");

    private static readonly Tracepoint<int, byte[]> s_blob = Tracepoint.Define<int, byte[]>("dump_blob", "%d %s");

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Dump_OfAllTypes_IsReadAsWritten()
    {
        WriteRecords();
        string[] expected =
        [
            "dump_plain ",
            "dump_open \"/etc/fstab\" 0x42 0644",
            "dump_open \"" + new string('a', 48) + "\" 0x0 00",
            "dump_integers -1 255 -2 65535 -3 4294967295 -4 18446744073709551615 0xffffffffffffffff",
            "dump_others 1 1.5 0.1 3 <null>",
            "dump_blob 3 {01 02 ff}",
            "dump_blob 0 {}",
            "dump_blob 1 {}", // null
            "dump_blob 2 {07}",
        ];
        Assert.Equal(expected, ReadAll(_path));
    }

    /// <summary>OSv's trace.py lists the same records.</summary>
    [Fact]
    public void Dump_ReadByTheReference_ListsTheSame()
    {
        if (Environment.GetEnvironmentVariable("OSPREY_REFERENCE_TRACE") is not { } reference)
        {
            Console.WriteLine("skipped: OSPREY_REFERENCE_TRACE does not name OSv's scripts/trace.py");
            return;
        }

        WriteRecords();
        using var process = Process.Start(
            new ProcessStartInfo("python3", [reference, "list", "-x", "--no-header", _path])
            {
                RedirectStandardOutput = true,
            }
        )!;
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        string[] expected =
        [
            "dump_plain",
            "dump_open            \"/etc/fstab\" 0x42 0644",
            "dump_open            \"" + new string('a', 48) + "\" 0x0 00",
            "dump_integers        -1 255 -2 65535 -3 4294967295 -4 18446744073709551615 0xffffffffffffffff",
            "dump_others          1 1.5 0.1 3 <null>",
            "dump_blob            3 {01 02 ff}",
            "dump_blob            0 {}",
        ];
        // The columns before the name are the thread, its name, the CPU and the time.
        Assert.Equal(expected, lines.Select(line => line[line.IndexOf("dump_", StringComparison.Ordinal)..].TrimEnd()));
    }

    /// <summary>A dump while nothing was ever enabled, and one of rings that are empty.</summary>
    [Fact]
    public void Dump_OfEmptyRings_HasNoRecords()
    {
        TraceRings.Replace(4096, 2, 0);
        Dump();
        Assert.Empty(ReadAll(_path));
    }

    private void WriteRecords()
    {
        TraceRings.Replace(1 << 16, 1, 1);
        _ = s_plain.IsActive;
        Tracing.Enable("dump_*", backtrace: false);
        try
        {
            s_plain.Record();
            s_open.Record("/etc/fstab", 0x42, 420);
            s_open.Record(new string('a', 48) + "é", 0, 0); // the last character has no room
            s_integers.Record(-1, 255, -2, 65535, -3, uint.MaxValue, -4, ulong.MaxValue, -1);
            s_others.Record(true, 1.5f, 0.1, FileMode.Open, null);
            s_blob.Record(3, [1, 2, 255]);
            s_blob.Record(0, []);
            s_blob.Record(1, null!);
            s_blob.Record(2, [7]);
        }
        finally
        {
            Tracing.Disable();
        }

        Dump();
    }

    private void Dump()
    {
        using FileStream file = File.Create(_path);
        Tracing.WriteDump(file);
    }

    private static string[] ReadAll(string path)
    {
        List<string> lines = [];
        using TraceFile trace = TraceFile.Open(path);
        foreach (TraceEvent sample in trace)
        {
            Traces.Model.Tracepoint tracepoint = trace.Tracepoints[sample.Tracepoint];
            var text = new Utf8Builder();
            new ArgumentFormatter(tracepoint, compat: false).Append(text, sample.Payload);
            lines.Add($"{tracepoint.Name} {text}");
        }

        return [.. lines];
    }
}
