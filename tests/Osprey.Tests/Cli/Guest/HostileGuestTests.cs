using System.Diagnostics;
using System.Globalization;

namespace Osprey.Tests.Cli.Guest;

/// <summary>
/// Guests and files that lie: whatever a core or an ELF file holds, a command ends by itself, soon, in little memory,
/// with one of the exit codes there are and a message that is no stack trace.
/// </summary>
[Trait("Category", "Slow")]
public sealed class HostileGuestTests : IDisposable
{
    private const int Rounds = 10_000;
    private const int MaxFailures = 5;
    private const long MaxAllocatedBytes = 300L << 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly SmallGuest _guest = new();
    private readonly List<string> _failures = [];
    private string _current = "";
    private long _started = Stopwatch.GetTimestamp();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void Commands_OnMutatedGuests_EndWithOnlyTheirOwnErrors()
    {
        // A round that hangs can't be ended, so it is watched from outside.
        var worker = new Thread(() =>
        {
            try
            {
                RunAll();
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
                Stopwatch.GetElapsedTime(Volatile.Read(ref _started)) < s_patience,
                $"hangs: {Volatile.Read(ref _current)}"
            );

        Assert.True(_failures.Count == 0, string.Join("\n\n", _failures));
    }

    private void RunAll()
    {
        string[][] commands = [.. GuestCommandLines.All(_guest)];
        var endings = new Dictionary<int, int> { [0] = 0, [1] = 0 };
        for (int round = 0; round < Rounds; round++)
        {
            var random = new Random(round);
            byte[] core = [.. _guest.Core];
            byte[] program = [.. _guest.Program];
            string change =
                random.Next(4) == 0
                    ? GuestMutation.ChangeProgram(ref program, random)
                    : GuestMutation.ChangeCore(ref core, random);
            if (random.Next(8) == 0)
                change += GuestMutation.ChangeProgram(ref program, random);

            Rewrite(_guest.CorePath, core);
            Rewrite(_guest.ProgramPath, program);
            string[] command = commands[round % commands.Length];

            // Without it most mutated programs would be refused at once.
            string[] args = [.. _guest.Arguments(command), .. random.Next(3) > 0 ? (string[])["--any-build"] : []];
            Volatile.Write(
                ref _current,
                string.Create(CultureInfo.InvariantCulture, $"round {round}, {string.Join(' ', command)}: {change}")
            );
            Volatile.Write(ref _started, Stopwatch.GetTimestamp());
            try
            {
                endings[Run(args)]++;
            }
            catch (Exception exception)
            {
                _failures.Add($"{_current}: {exception}");
            }

            // Several at once, since one mistake is found by many rounds.
            if (_failures.Count == MaxFailures)
                break;
        }

        // The mutations are such that commands still show something, and are refused too.
        if (_failures.Count == 0)
            Assert.All(endings.Values, count => Assert.InRange(count, 20, Rounds));
    }

    private static int Run(string[] args)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        CommandRun run = CommandRun.Of(args);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < MaxAllocatedBytes, $"{allocated} bytes allocated");
        Assert.True(run.ExitCode is 0 or 1, $"exit code {run.ExitCode}");
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

    private static void Rewrite(string path, byte[] bytes)
    {
        using FileStream file = File.Open(path, FileMode.Create);
        file.Write(bytes);
    }
}
