using System.Text.RegularExpressions;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing.Tests.Live;

/// <summary>Lines of strace, in the form of a guest's console.</summary>
public sealed class StraceTests
{
    private static readonly Tracepoint<string, int, uint> s_open = Tracepoint.Define<string, int, uint>(
        "strace_open",
        "\"%s\" 0x%x 0%0o"
    );

    private static readonly Tracepoint s_mkdirRet = Tracepoint.Define("strace_mkdir_ret");

    private static readonly Tracepoint<int, nint, int, long> s_pwritev = Tracepoint.Define<int, nint, int, long>(
        "strace_pwritev",
        "%d %p 0x%x 0x%x"
    );

    private static readonly Tracepoint<string, nint> s_lstat = Tracepoint.Define<string, nint>(
        "strace_lstat",
        "pathname=%s, stat=%p"
    );

    private static readonly Tracepoint<int, byte[]> s_packet = Tracepoint.Define<int, byte[]>("strace_packet", "%d %s");

    private static readonly Tracepoint<string, string, double> s_text = Tracepoint.Define<string, string, double>(
        "strace_text",
        "%100s|%-100s|%g " + new string('.', 300)
    );

    private static readonly Tracepoint<sbyte, short, long, double> s_numbers = Tracepoint.Define<
        sbyte,
        short,
        long,
        double
    >("strace_numbers", "100%% %d %#x %+ld %08.3f");

    /// <summary>The arguments of lines that a guest printed, and of some that it could not print right.</summary>
    [Fact]
    public void Lines_AreThoseOfTheGuest()
    {
        List<string> lines = Trace(() =>
        {
            s_open.Record("/tmp/truth0", 0x42, 420);
            s_open.Record("/dev", 0, 0);
            s_mkdirRet.Record();
            s_pwritev.Record(1, unchecked((nint)0x400001014990L), 2, -1);
            s_lstat.Record("/truth", unchecked((nint)0x2000002fe8a0L));
            s_packet.Record(9, [0x61, 0x62, 0xFF]);
            s_packet.Record(9, new byte[85]);
            s_numbers.Record(-1, -1, long.MaxValue, -1.5);
            s_lstat.Record("\u001b[2J\n", 0);
        });
        Assert.Equal(
            [
                "strace_open(\"/tmp/truth0\" 0x42 0644)",
                "strace_open(\"/dev\" 0x0 00)",
                "strace_mkdir_ret()",
                "strace_pwritev(1 0x400001014990 0x2 0xffffffff)",
                "strace_lstat(pathname=/truth, stat=0x2000002fe8a0)",
                "strace_packet(9 {61 62 ff })",
                "strace_packet(9 {" + string.Concat(Enumerable.Repeat("00 ", 84)) + "...})",
                "strace_numbers(100% -1 0xffffffff +9223372036854775807 -001.500)",
                "strace_lstat(pathname=?[2J?, stat=0x0)",
            ],
            lines.Select(WithoutFacts)
        );
    }

    [Fact]
    public void Line_ThatIsTooLong_IsCutAndMarked()
    {
        List<string> lines = Trace(() =>
        {
            s_text.Record("ä", "b", 1e-7);
            s_text.Record("short", "short", 0.1);
        });
        Assert.Equal(2, lines.Count);
        foreach (string line in lines)
        {
            Assert.EndsWith("...", line, StringComparison.Ordinal);
            Assert.Equal(511, System.Text.Encoding.UTF8.GetByteCount(line)); // and the line's end
        }
    }

    /// <summary>Each record is printed, or counted as lost and said to be.</summary>
    [Fact]
    public void Records_OfManyThreads_ArePrintedOrCountedAsLost()
    {
        const int threads = 8;
        const int records = 20_000;
        long said = 0;
        long printed = 0;
        StraceSession session = null!;
        TraceTotals totals = default;
        Run(
            () =>
            {
                Thread[] writers =
                [
                    .. Enumerable
                        .Range(0, threads)
                        .Select(thread => new Thread(() =>
                        {
                            for (int i = 0; i < records; i++)
                                s_pwritev.Record(thread, i, i, ~i);
                        })),
                ];
                foreach (Thread writer in writers)
                    writer.Start();
                foreach (Thread writer in writers)
                    writer.Join();
                totals = Tracing.GetTotals();
            },
            line =>
            {
                if (line.StartsWith("strace: ", StringComparison.Ordinal))
                {
                    said += long.Parse(line.Split(' ')[1]);
                    return;
                }

                printed++;
                string[] words = WithoutFacts(line).Split(' ', ')');
                int number = Convert.ToInt32(words[2], 16);
                Assert.Equal(~number, Convert.ToInt32(words[3], 16));
            },
            started => session = started
        );
        Assert.Equal(threads * records, totals.Written + totals.Dropped);
        Assert.Equal(totals.Written, session.Printed + session.Lost);
        Assert.Equal((session.Printed, session.Lost), (printed, said));
        Assert.Null(session.Failure);
    }

    /// <summary>A mistake in what receives the lines does not end the program, and is told.</summary>
    [Fact]
    public void Receiver_ThatThrows_EndsThePrintingOnly()
    {
        StraceSession session = null!;
        int lines = 0;
        Run(
            () =>
            {
                for (int i = 0; i < 5; i++)
                    s_pwritev.Record(i, i, i, i);
            },
            _ => throw new InvalidOperationException($"line {++lines}"),
            started => session = started
        );

        Assert.Equal("line 1", session.Failure?.Message);
        Assert.Equal((0, 5, 1), (session.Printed, session.Lost, lines));
    }

    [Fact]
    public void Receiver_ThatEndsThePrinting_DoesNotWaitForItself()
    {
        StraceSession session = null!;
        using var ended = new ManualResetEventSlim();
        Run(
            () => s_pwritev.Record(1, 2, 3, 4),
            _ =>
            {
                session.Dispose();
                ended.Set();
            },
            started => session = started
        );

        Assert.True(ended.Wait(TimeSpan.FromMinutes(1)));
        Assert.Null(session.Failure);
        // The next one may begin as soon as the thread has come to its end.
        Assert.True(
            SpinWait.SpinUntil(
                () =>
                {
                    try
                    {
                        Strace.To(_ => { }).Dispose();
                        return true;
                    }
                    catch (InvalidOperationException)
                    {
                        return false;
                    }
                },
                TimeSpan.FromMinutes(1)
            )
        );
    }

    [Fact]
    public void Session_WhileAnotherRuns_IsRefused()
    {
        using StraceSession session = Strace.To(_ => { });
        Assert.Equal(
            "Records are printed already.",
            Assert.Throws<InvalidOperationException>(() => Strace.To(_ => { })).Message
        );
    }

    private static List<string> Trace(Action record)
    {
        List<string> lines = [];
        Run(record, lines.Add, _ => { });
        return lines;
    }

    private static void Run(Action record, Action<string> line, Action<StraceSession> started)
    {
        _ = s_open.IsActive;
        TraceRings.Replace(1 << 20, 1, 2);
        using StraceSession session = Strace.To(line);
        started(session);
        Tracing.Enable("strace_*");
        try
        {
            record();
        }
        finally
        {
            Tracing.Disable();
        }
    }

    /// <summary>Takes the thread's name, the CPU and the time from the front of a line, which must be there.</summary>
    private static string WithoutFacts(string line)
    {
        Match match = Regex.Match(line, @"^(.{15}) +(-?\d+) +(\d+\.\d{9}) (.*)$");
        Assert.True(match.Success, line);
        return match.Groups[4].Value;
    }
}
