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
    private readonly SortedDictionary<string, (int Whole, int Told, TimeSpan Time)> _byCommand = new(
        StringComparer.Ordinal
    );
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

    /// <summary>A line for each command: how often it ended with 0 and with 1, and its time on average.</summary>
    public override string ToString() =>
        string.Join(
            '\n',
            _byCommand.Select(pair =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{pair.Key}: {pair.Value.Whole} x 0, {pair.Value.Told} x 1, "
                        + $"{pair.Value.Time.TotalSeconds / (pair.Value.Whole + pair.Value.Told):0.000} s"
                )
            )
        );

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
                int ending = RunOne(command);
                _endings[ending]++;
                Count(command, ending);
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

    // Of the command line what stands before its first option with a value of the round's own.
    private void Count(string[] command, int ending)
    {
        string words = string.Join(' ', command.TakeWhile(word => word != "--target"));
        (int whole, int told, TimeSpan time) = _byCommand.GetValueOrDefault(words);
        time += Stopwatch.GetElapsedTime(_started);
        _byCommand[words] = ending == 0 ? (whole + 1, told, time) : (whole, told + 1, time);
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
