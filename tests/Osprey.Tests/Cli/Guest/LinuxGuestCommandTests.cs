using System.Text.Json;
using Osprey.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target.Backends.CoreFile;
using Osprey.Tests.Guests;
using Osprey.Tests.Guests.Fixtures;

namespace Osprey.Tests.Cli.Guest;

/// <summary>Commands over a core of a Linux guest without any file of its kernel.</summary>
[Collection(TasksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class LinuxGuestCommandTests(TasksGuest fixture)
{
    private const string FreeNote =
        "osprey: note: which memory is free is not known: free memory was searched too, and what it holds may be left "
        + "over";

    [LinuxGuestFact]
    public void Tls_OfWhatAllThreadsShare_IsRefused()
    {
        foreach (string text in new[] { "jiffies", "init_task", "((struct task_struct *)&init_task)->comm" })
        {
            CommandRun run = Run("tls", text);
            Assert.Equal((1, ""), (run.ExitCode, run.Text));
            Assert.Contains(
                $"osprey: {text} is not thread-local: all threads have the same one (osprey print shows it)",
                run.Messages,
                StringComparison.Ordinal
            );
        }
    }

    [LinuxGuestFact]
    public void Refs_WhereFreeMemoryIsNotKnown_SearchesAll()
    {
        CommandRun run = Run("refs", "init_task", "--limit", "100000");
        CommandRun all = Run("refs", "init_task", "--limit", "100000", "--free");
        Assert.Equal((0, all.Text), (run.ExitCode, run.Text));
        Assert.Contains("object of a slab cache: ", run.Text, StringComparison.Ordinal);
        Assert.Contains(FreeNote, run.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain(FreeNote, all.Messages, StringComparison.Ordinal);
    }

    [LinuxGuestFact]
    public void Cpu_ThatIsNot_IsAllThatIsSaid()
    {
        foreach (string line in new[] { "timers", "ps", "cpus", "irq", "registers", "bt", "print 1" })
        {
            string[] command = line.Split(' ');
            CommandRun run = Run([.. command, "--cpu", "99"]);
            Assert.Equal(
                (1, "", $"osprey: core {fixture.Core} has 2 CPUs; there is no CPU 99\n"),
                (run.ExitCode, run.Text, run.Messages)
            );
        }
    }

    [LinuxGuestFact]
    public void Stacks_OfThreadsThatHaveEnded_AreNoDefect()
    {
        using GuestSession session = OpenCore();
        ulong[] ended =
        [
            .. session.ListThreads().Threads.Where(thread => thread.State == "zombie").Select(thread => thread.Id),
        ];
        Assert.NotEmpty(ended);

        CommandRun run = Run("bt", "--all", "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(
            ended is [var one]
                ? $"osprey: note: thread {one} has ended and has no stack\n"
                : $"osprey: note: {ended.Length} threads have ended and have no stack: {string.Join(", ", ended)}\n",
            run.Messages,
            StringComparison.Ordinal
        );
        using var json = JsonDocument.Parse(run.Text);
        Assert.Empty(json.RootElement.GetProperty("defects").EnumerateArray());
        Assert.Equal(
            ended,
            json.RootElement.GetProperty("ended").EnumerateArray().Select(item => item.GetProperty("id").GetUInt64())
        );

        // Alone, there is nothing to show.
        CommandRun alone = Run("bt", $"{ended[0]}");
        Assert.Equal((1, ""), (alone.ExitCode, alone.Text));
        Assert.Contains($"thread {ended[0]} has ended and has no stack\n", alone.Messages, StringComparison.Ordinal);
        CommandRun registers = Run("registers", "--thread", $"{ended[0]}");
        Assert.Equal(1, registers.ExitCode);
        Assert.Contains(
            $"osprey: thread {ended[0]} has ended and has no stack\n",
            registers.Messages,
            StringComparison.Ordinal
        );
    }

    [LinuxGuestFact]
    public void Number_OfSeveralThreads_NamesThem()
    {
        foreach (string command in new[] { "why", "bt" })
        {
            using GuestSession session = OpenCore();
            IEnumerable<string> idle = session
                .ListThreads()
                .Threads.Where(thread => thread.Id == 0)
                .Select(thread => $"{thread.Name} (0x{thread.Address:x})");
            CommandRun run = Run(command, "0");
            Assert.Equal((1, ""), (run.ExitCode, run.Text));
            Assert.Contains(
                $"osprey: '0' is the number of 2 threads: {string.Join(", ", idle)}; give the name or address of one\n",
                run.Messages,
                StringComparison.Ordinal
            );
            Assert.Equal(0, Run("bt", "swapper/0").ExitCode);
        }
    }

    [LinuxGuestFact]
    public void Name_OfSeveralThreads_NamesThem()
    {
        using GuestSession session = OpenCore();
        IGrouping<string, GuestThreadState> same = session
            .ListThreads()
            .Threads.GroupBy(thread => thread.Name)
            .First(group => group.Count() is > 1 and <= 10);
        IEnumerable<string> each = same.Select(thread => $"{thread.Id} (0x{thread.Address:x})");
        CommandRun run = Run("bt", same.Key);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            $"osprey: '{same.Key}' is the name of {same.Count()} threads: {string.Join(", ", each)}; "
                + "give the number or address of one\n",
            run.Messages,
            StringComparison.Ordinal
        );
    }

    [LinuxGuestFact]
    public void List_WithoutElements_IsPrinted()
    {
        foreach (
            string text in new[]
            {
                "list_of(&modules, struct module, list)",
                "list_of(&modules, struct module, list, name)",
                "list_of(&modules, struct module, list, name[0])",
            }
        )
        {
            CommandRun run = Run("print", text);
            Assert.Equal((0, "{}\n"), (run.ExitCode, run.Text));
            Assert.Contains("\"value\":[]", Run("print", text, "--json").Text, StringComparison.Ordinal);
            CommandRun first = Run("print", text + "[0]");
            Assert.Equal(1, first.ExitCode);
            Assert.Contains("osprey: There are no elements.\n", first.Messages, StringComparison.Ordinal);
        }
    }

    [LinuxGuestFact]
    public void Places_OfKernelData_AreWhatTheyAre()
    {
        Assert.Equal(["symbol", "thread", "program", "physical"], ListPlaces("init_task", out _));
        Assert.Equal(["symbol", "program", "physical"], ListPlaces("schedule", out string code));
        Assert.Contains("image of the kernel", code, StringComparison.Ordinal);
        using GuestSession session = OpenCore();
        GuestThreadState init = session.FindThread("1");
        Assert.Equal(["thread", "heapObject", "linearMap"], ListPlaces($"0x{init.Address + 16:x}", out string task));
        Assert.Contains("object of a slab cache: task_struct", task, StringComparison.Ordinal);
        _ = ListPlaces($"0x{init.StackStart + 8:x}", out string stack);
        Assert.DoesNotContain("linearMap", stack, StringComparison.Ordinal);
    }

    private string[] ListPlaces(string address, out string text)
    {
        CommandRun run = Run("whatis", address, "--json");
        Assert.Equal(0, run.ExitCode);
        text = run.Text;
        using var json = JsonDocument.Parse(text);
        return
        [
            .. json
                .RootElement.GetProperty("places")
                .EnumerateArray()
                .Select(place => place.GetProperty("kind").GetString()!),
        ];
    }

    private CommandRun Run(params string[] command) =>
        CommandRun.Of([.. command, "--target", $"core:{fixture.Core}", "--no-cache"]);

    private GuestSession OpenCore() =>
        GuestSession.Over(CoreTarget.Open(fixture.Core), new GuestSettings { NoCache = true });
}
