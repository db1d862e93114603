using System.Text;
using System.Text.RegularExpressions;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Guests.Memory;
using Osprey.Session.Guests;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Tests.Cli;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Symbols.Oracle;
using Xunit.Abstractions;

namespace Osprey.Tests.Guests.Kernel;

/// <summary>Cores that <c>osprey dump</c> writes of a Linux guest, in the hands of those who read such cores.</summary>
[Collection(AnonymousGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class LinuxCoreReadersTests(AnonymousGuest fixture, ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-readers").FullName;

    private static string Vmlinux => VmlinuxFactAttribute.Vmlinux;

    private string Core => Path.Combine(_folder, "own.core");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [VmlinuxGuestFact("crash")]
    public void Crash_OpensOurCore_AsItOpensQemusOfTheSameMoment()
    {
        string qemu = Path.Combine(_folder, "qemu.core");
        Dump(
            hasVirtualSegments: false,
            pause => pause.Qmp.Execute("dump-guest-memory", new { paging = false, protocol = $"file:{qemu}" })
        );

        string ours = RunCrash(Core);
        output.WriteLine(ours);
        Assert.Contains("RELEASE: 6.", ours, StringComparison.Ordinal);
        Assert.Contains("swapper/1", ours, StringComparison.Ordinal);
        Assert.Equal(RunCrash(qemu), ours);
    }

    [VmlinuxGuestFact("drgn")]
    public void Drgn_OpensOurCore_AndListsTheTasks()
    {
        foreach (bool hasVirtualSegments in (bool[])[false, true])
        {
            Dump(hasVirtualSegments);
            string script = Path.Combine(_folder, "tasks.py");
            File.WriteAllText(
                script,
                """
                from drgn.helpers.linux.pid import for_each_task
                print(prog["init_uts_ns"].name.sysname.string_().decode())
                names = {task.comm.string_().decode() for task in for_each_task(prog)}
                print("init" in names and "kthreadd" in names, prog["init_task"].comm.string_().decode())
                """
            );
            string said = Tools.Run("drgn", ["-q", "-c", Core, "-s", Vmlinux, script]);
            Assert.Equal("Linux\nTrue swapper/0\n", said);
            File.Delete(Core);
        }
    }

    [VmlinuxGuestFact("makedumpfile")]
    public void Makedumpfile_PacksOurCore_AndWeReadWhatItMade()
    {
        Dump(hasVirtualSegments: false);
        string expected = Ask(Core);
        Assert.Contains("Linux", expected, StringComparison.Ordinal);
        string can = Tools.Run("bash", ["-c", "makedumpfile -v 2>&1"]);
        int packed = 0;
        foreach (
            (string option, string? name) in ((string, string?)[])
                [("-c", null), ("-l", "lzo"), ("-p", "snappy"), ("-z", "zstd"), ("-E", null)]
        )
        {
            if (name is not null && !Regex.IsMatch(can, $@"{name}\s+enabled"))
            {
                output.WriteLine($"this makedumpfile has no {name}");
                continue;
            }

            string path = Path.Combine(_folder, $"packed{option}");
            Tools.Run("makedumpfile", [option, "-d", "1", Core, path]);
            Assert.Equal((option, expected), (option, Ask(path)));
            packed++;
        }

        string flat = Path.Combine(_folder, "flat");
        Tools.Run("bash", ["-c", $"makedumpfile -F -l -d 1 '{Core}' > '{flat}' 2> /dev/null"]);
        Assert.Equal(expected, Ask(flat));
        Assert.True(packed >= 3, $"{packed} ways of packing");
    }

    /// <summary>Says what a core holds, by each kind of question.</summary>
    private static string Ask(string core)
    {
        var text = new StringBuilder();
        foreach (
            string[] question in (string[][])
                [
                    ["read", "init_uts_ns", "400"],
                    ["read", "init_task", "4096"],
                    ["registers"],
                    ["bt", "--cpus"],
                    ["print", "jiffies"],
                ]
        )
        {
            CommandRun run = CommandRun.Of([.. question, "--target", $"core:{core}", "--exe", Vmlinux]);
            text.AppendLine($"{question[0]}: {run.ExitCode}").AppendLine(run.Text);
        }

        return text.ToString();
    }

    /// <summary>Dumps the guest while it stands: on a busy machine QEMU answers sooner then.</summary>
    private void Dump(bool hasVirtualSegments, Action<GuestPause>? meanwhile = null)
    {
        using var pause = new GuestPause(fixture.Guest);
        meanwhile?.Invoke(pause);
        using GuestSession session = GuestSession.Over(
            QemuTarget.Attach(QemuProcess.TryRead(fixture.Guest.ProcessId)!),
            new GuestSettings { ExecutablePath = Vmlinux }
        );
        Assert.Null(DumpAnswer.Write(session, Core, true, hasVirtualSegments, QuestionContext.None).Written.CpuProblem);
    }

    /// <summary>What crash says of a core, without its name.</summary>
    private static string RunCrash(string core)
    {
        string said = Tools.Run(
            "crash",
            ["-s", Vmlinux, core],
            "sys\nps -A\nps\np init_task.comm\nrd -p 0x1000 64\nkmem -i\nlog\nquit\n"
        );
        return said.Replace(core, "core", StringComparison.Ordinal);
    }
}
