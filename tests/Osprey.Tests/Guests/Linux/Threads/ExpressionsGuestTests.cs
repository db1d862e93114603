using Osprey.Guests.Linux.Memory;
using Osprey.Guests.Processes;
using Osprey.Guests.Threads;
using Osprey.Session.Answers.Guests;
using Osprey.Session.Guests;
using Osprey.Symbols.Types;
using Osprey.Target.Backends.CoreFile;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Values;
using Osprey.Values.Expressions;
using Osprey.Values.Printing;

namespace Osprey.Tests.Guests.Linux.Threads;

/// <summary>The words of expressions that are about the kernel, on a Linux guest without any file.</summary>
[Collection(TasksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class ExpressionsGuestTests(TasksGuest fixture)
{
    [LinuxGuestFact]
    public void Current_IsTheTaskOfTheContext()
    {
        using GuestSession session = OpenCore();
        GuestThreadState pauser = session.FindThread("pauser");
        Assert.Equal(pauser.Address, session.GetThread(pauser).Evaluate("current").AsPointer());
        Assert.Equal($"{pauser.Id}", ValueText.Format(session.GetThread(pauser).Evaluate("current->pid")));
        Assert.Equal(session.FindThread("swapper/0").Address, session.GetCpu(0).Evaluate("current").AsPointer());
    }

    [LinuxGuestFact]
    public void List_OfTheKernel_HasAllElements()
    {
        using GuestSession session = OpenCore();
        Value caches = session.Selected.Evaluate("list_of(&slab_caches, struct kmem_cache, list)");
        Assert.Equal(
            LinuxSlabCaches.Read(session.Kernel, default).Items.Select(cache => cache.Address).Order(),
            Enumerable
                .Range(0, (int)((ArrayType)caches.ResolvedType!).Count!)
                .Select(i => caches.Index(i)!.AsPointer()!.Value)
                .Order()
        );
        Value numbers = session.Selected.Evaluate(
            "list_of(&((struct task_struct *)&init_task)->tasks, struct task_struct, tasks, pid)"
        );
        Assert.Equal("1", ValueText.Format(numbers.Index(0)!));
    }

    [LinuxGuestFact]
    public void PerCpu_HasTheCopyOfEachCpu()
    {
        using GuestSession session = OpenCore();
        const string Queues = "(*(struct rq *)&runqueues)";
        Assert.Equal("{0, 2}", Format(session, $"per_cpu({Queues}.nr_running)"));
        Assert.Equal("2", Format(session, $"per_cpu({Queues}, 1).nr_running"));
        Assert.Equal(
            session.FindThread("swapper/0").Address,
            session.Selected.Evaluate($"per_cpu({Queues}, 0).curr").AsPointer()
        );
        Assert.Equal("There is no CPU 2.", Fail(session, $"per_cpu({Queues}, 2)"));
        Assert.StartsWith(
            "this is no per-CPU variable",
            Fail(session, "per_cpu(*(struct task_struct *)&init_task)"),
            StringComparison.Ordinal
        );
    }

    [LinuxGuestFact]
    public void Variables_WithoutATypeInMemory_HaveThatOfTheSources()
    {
        using GuestSession session = OpenCore();
        Assert.StartsWith("\"swapper/0\\000", Format(session, "init_task.comm"), StringComparison.Ordinal);
        Assert.Equal("2", Format(session, "nr_cpu_ids"));
        Assert.Equal("SYSTEM_RUNNING", Format(session, "system_state"));
        Assert.Matches("^0xffff[0-9a-f]{12} \".*console=.*\"$", Format(session, "saved_command_line"));
        Assert.Equal(
            Format(session, "list_of(&slab_caches, struct kmem_cache, list)"),
            Format(session, "list_of(slab_caches, struct kmem_cache, list)")
        );
        Assert.Contains(
            "the type of nr_cpu_ids is not known from the guest: it is taken to be unsigned int, as in the kernel's "
                + "sources",
            session.Notes
        );

        // Others have a place only, whatever is asked of them.
        foreach (string text in new[] { "linux_banner + 1", "linux_banner.x", "linux_banner[0]", "*linux_banner" })
            Assert.StartsWith(
                "Only the place of this variable is known",
                Fail(session, text),
                StringComparison.Ordinal
            );

        Assert.Equal("76 'L'", Format(session, "*(char *)&linux_banner"));
    }

    [LinuxGuestFact]
    public void Variables_OfEachCpu_AreSaidToBeSuch()
    {
        const string Note = "kstat is a variable of each CPU";
        using GuestSession session = OpenCore();
        _ = Format(session, "per_cpu(kstat, 0).irqs_sum");
        Assert.DoesNotContain(session.Notes, note => note.StartsWith(Note, StringComparison.Ordinal));

        SymbolAnswer answer = SymbolAnswer.Ask(session, "kstat");
        Assert.Equal((true, "kstat"), (answer.IsFound, answer.Symbol));
        Assert.Single(session.Notes, note => note.StartsWith(Note, StringComparison.Ordinal));

        using GuestSession other = OpenCore();
        Record.Exception(() => Format(other, "kstat.irqs_sum")); // since 6.15, there is memory at its place
        Assert.Single(other.Notes, note => note.StartsWith(Note, StringComparison.Ordinal));
    }

    [LinuxGuestFact]
    public void Trees_OfTheKernel_HaveAllPointers()
    {
        using GuestSession session = OpenCore();

        // All ids: those of threads, of processes, and of groups and sessions, which have other names.
        HashSet<string> ids =
        [
            .. Format(
                    session,
                    "xarray_of(((struct pid_namespace *)&init_pid_ns)->idr.idr_rt, struct pid, numbers[0].nr)"
                )
                .Trim('{', '}')
                .Split(", "),
        ];
        Assert.All(
            session.ListThreads().Threads.Where(thread => thread.Id != 0),
            thread => Assert.Contains($"{thread.Id}", ids)
        );
        Assert.StartsWith(
            "the tree is torn after 0 entries: ",
            Fail(session, "xarray_of(8, struct pid)"),
            StringComparison.Ordinal
        );

        GuestThreadState pauser = session.FindThread("pauser");
        if (session.Kernel.Values.FindType("struct maple_tree") is null)
            return; // before 6.1

        string starts = ValueText.Format(
            session.GetThread(pauser).Evaluate("maple_of(current->mm->mm_mt, struct vm_area_struct, vm_start)")
        );
        string[] maps =
        [
            .. ((IGuestProcesses)session.Os)
                .ReadMaps(session.Kernel, pauser, default)
                .Items.Select(map => $"{map.Start}"),
        ];
        Assert.True(maps.Length > 3);
        Assert.Equal($"{{{string.Join(", ", maps)}}}", starts);
    }

    private static string Format(GuestSession session, string text) =>
        ValueText.Format(session.Selected.Evaluate(text));

    private static string Fail(GuestSession session, string text) =>
        Assert.Throws<ExpressionException>(() => session.Selected.Evaluate(text)).Message;

    private GuestSession OpenCore() =>
        GuestSession.Over(CoreTarget.Open(fixture.Core), new GuestSettings { Cpu = 0, NoCache = true });
}
