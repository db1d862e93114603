using System.Diagnostics;
using System.Globalization;
using Osprey.Guests;
using Osprey.Guests.Tracepoints;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Traces.Rings;

/// <summary>The program ringwriter.c, compiled and running: its rings are read live out of its memory.</summary>
internal sealed class RingWriter : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;
    private readonly Process _process;
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _memory;
    private readonly List<GuestTracepoint> _tracepoints = [];
    private readonly List<GuestTraceRing> _rings = [];

    /// <param name="threads">The number of threads, each with a ring.</param>
    /// <param name="ringSize">The size of each ring in bytes.</param>
    /// <param name="isMixed">False for samples of one size.</param>
    public RingWriter(int threads, int ringSize, bool isMixed)
    {
        string program = Path.Combine(_folder, "ringwriter");
        string source = Path.Combine(Tools.Programs, "..", "..", "..", "Traces", "Rings", "Programs", "ringwriter.c");
        Tools.Run("gcc", ["-O2", "-g", "-pthread", "-o", program, source]);
        var start = new ProcessStartInfo(
            program,
            [
                threads.ToString(CultureInfo.InvariantCulture),
                ringSize.ToString(CultureInfo.InvariantCulture),
                isMixed ? "mixed" : "same",
            ]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        for (string line = ReadLine(); line != "done"; line = ReadLine())
            Read(line.Split(' '));

        _memory = File.OpenHandle($"/proc/{_process.Id}/mem");
    }

    /// <summary>The bytes of the program that were read.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Finds the rings, as a guest's system does.</summary>
    public GuestTraceRings Find() =>
        new(new GuestList<GuestTraceRing>(_rings, []), new GuestList<GuestTracepoint>(_tracepoints, []), 4096, 10);

    /// <summary>Reads the program's memory.</summary>
    public int Read(ulong address, Span<byte> buffer)
    {
        int count = RandomAccess.Read(_memory, buffer, (long)address);
        BytesRead += count;
        return count;
    }

    /// <summary>Has each thread write samples; <see cref="WaitForDone"/> waits for their end.</summary>
    public void BeginWriting(long count, long rate) => Send($"write {count} {rate}");

    public void WaitForDone() => Assert.Equal("done", ReadLine());

    /// <summary>Has the first thread begin a sample, or finish it.</summary>
    public void Do(string command)
    {
        Send(command);
        WaitForDone();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(10_000))
            _process.Kill();

        _memory.Dispose();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Send(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    private string ReadLine() => _process.StandardOutput.ReadLine() ?? throw new IOException("ringwriter has ended");

    private void Read(string[] words)
    {
        if (words[0] == "tracepoint")
            _tracepoints.Add(
                new GuestTracepoint(
                    words[2],
                    Hex(words[1]),
                    string.Join(' ', words[4..]),
                    words[3],
                    IsLogging: true,
                    WithBacktrace: true,
                    IsActive: true
                )
            );
        else
            _rings.Add(
                new GuestTraceRing(
                    int.Parse(words[1], CultureInfo.InvariantCulture),
                    Hex(words[2]),
                    int.Parse(words[3], CultureInfo.InvariantCulture),
                    16,
                    Hex(words[4]),
                    ulong.Parse(words[5], CultureInfo.InvariantCulture)
                )
            );
    }

    private static ulong Hex(string text) => Convert.ToUInt64(text, 16);
}
