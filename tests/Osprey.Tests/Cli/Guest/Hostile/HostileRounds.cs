using System.Diagnostics;
using System.Globalization;

namespace Osprey.Tests.Cli.Guest.Hostile;

/// <summary>
/// Commands on inputs that lie, one after another: each ends by itself, soon, in little memory, with one of the exit
/// codes there are and a message that is no stack trace.
/// </summary>
/// <param name="patience">The longest time that a command may take; for hangs alone, since machines are busy.</param>
/// <param name="maxAllocatedBytes">The most that a command may allocate in all.</param>
internal sealed class HostileRounds(TimeSpan patience, long maxAllocatedBytes)
{
    private const int MaxFailures = 5;

    private readonly List<string> _failures = [];
    private readonly Dictionary<int, int> _endings = new() { [0] = 0, [1] = 0 };
    private string _current = "";
    private long _started = Stopwatch.GetTimestamp();

    /// <summary>Runs them.</summary>
    /// <param name="count">The number of rounds.</param>
    /// <param name="prepare">Makes a round: what its input has of its own, and the command.</param>
    /// <returns>How often commands ended with each exit code.</returns>
    public IReadOnlyDictionary<int, int> Run(int count, Func<int, (string Change, string[] Command)> prepare)
    {
        // A round that hangs can't be ended, so it is watched from outside.
        var worker = new Thread(() =>
        {
            try
            {
                RunAll(count, prepare);
            }
            catch (Exception exception)
            {
                _failures.Add(exception.ToString());
            }
        })
        {
            IsBackground = true,
        };
        worker.Start();
        while (!worker.Join(TimeSpan.FromMilliseconds(200)))
            Assert.True(
                Stopwatch.GetElapsedTime(Volatile.Read(ref _started)) < patience,
                $"hangs: {Volatile.Read(ref _current)}"
            );

        Assert.True(_failures.Count == 0, string.Join("\n\n", _failures));
        return _endings;
    }

    private void RunAll(int count, Func<int, (string Change, string[] Command)> prepare)
    {
        for (int round = 0; round < count; round++)
        {
            (string change, string[] command) = prepare(round);
            Volatile.Write(
                ref _current,
                string.Create(CultureInfo.InvariantCulture, $"round {round}, {string.Join(' ', command)}: {change}")
            );
            Volatile.Write(ref _started, Stopwatch.GetTimestamp());
            try
            {
                _endings[RunOne(command)]++;
            }
            catch (Exception exception)
            {
                _failures.Add($"{_current}: {exception}");
            }

            // Several at once, since one mistake is found by many rounds.
            if (_failures.Count == MaxFailures)
                break;
        }
    }

    private int RunOne(string[] args)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        CommandRun run = CommandRun.Of(args);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < maxAllocatedBytes, $"{allocated} bytes allocated");
        Assert.True(run.ExitCode is 0 or 1, $"exit code {run.ExitCode}: {run.Messages}");
        Assert.True(run.ExitCode == 0 || run.Messages.Length > 0, "no message");
        Assert.DoesNotContain("   at ", run.Messages, StringComparison.Ordinal);
        Assert.True(run.Messages.Length < 20_000, run.Messages);
        foreach (string line in run.Messages.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Assert.True(
                line.StartsWith("osprey: ", StringComparison.Ordinal)
                    || line.StartsWith("        ", StringComparison.Ordinal),
                line
            );

        return run.ExitCode;
    }
}
