using System.Text;

namespace Osprey.Tests.Cli.Differential;

/// <summary>
/// Random traces and command lines: with <c>--compat</c> the output is that of OSv's own tool, wherever it has one.
/// </summary>
[Trait("Category", "Slow")]
public sealed class DifferentialTests : IDisposable
{
    private static readonly string[] s_names =
    [
        "vfs_open",
        "x",
        "callout_thread",
        "sched_wait",
        "sched_idle",
        "mutex_lock_wait",
        "tcp_output",
        "vfs_",
        "no_such",
        "x_ret",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osprey-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [ReferenceFact]
    public void RandomCommands_Compat_PrintWhatTheReferencePrints()
    {
        int first = int.Parse(Environment.GetEnvironmentVariable("OSPREY_REFERENCE_SEED") ?? "1");
        int traces = int.Parse(Environment.GetEnvironmentVariable("OSPREY_REFERENCE_TRACES") ?? "60");
        var differences = new StringBuilder();
        int compared = 0;
        int different = 0;
        using var reference = new ReferenceProgram();
        for (int seed = first; seed < first + traces; seed++)
        {
            string path = Path.Combine(_folder.FullName, $"trace{seed}");
            File.WriteAllBytes(path, new RandomTrace(seed).Build());
            File.WriteAllText(path + ".symbols", RandomTrace.Symbols());
            var random = new Random(seed);
            for (int i = 0; i < 25; i++)
            {
                string[] args = RandomCommand.Create(random, s_names);
                (int code, byte[] expected, _) = reference.Run([.. args, "--", path]);
                if (code != 0)
                    continue;

                compared++;
                CommandRun actual = CommandRun.Of(["trace", .. args, "--compat", "--", path]);
                if (actual.Output.AsSpan().SequenceEqual(expected))
                    continue;

                if (different++ < 20)
                    differences.Append(
                        $"--- seed {seed}: {string.Join(' ', args)} (exit {actual.ExitCode} "
                            + $"{actual.Messages.TrimEnd()})\n"
                            + $"{Difference(Encoding.UTF8.GetString(expected), actual.Text)}"
                    );
            }

            File.Delete(path);
            File.Delete(path + ".symbols");
        }

        Assert.True(compared > traces, $"only {compared} command lines were answered by the reference");
        Assert.True(different == 0, $"{different} of {compared} differ\n{differences}");
    }

    private static string Difference(string expected, string actual)
    {
        string[] wanted = expected.Split('\n');
        string[] had = actual.Split('\n');
        int line = 0;
        while (line < wanted.Length && line < had.Length && wanted[line] == had[line])
            line++;

        return $"line {line + 1} of {wanted.Length}\n  expected {Line(wanted, line)}\n  actual   {Line(had, line)}\n";
    }

    private static string Line(string[] lines, int index) => index < lines.Length ? $"'{lines[index]}'" : "(end)";
}
