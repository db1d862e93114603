using Osprey.Guests.Linux.Memory;
using Osprey.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Symbols.Types;
using Osprey.Target.Backends.CoreFile;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Values;
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

    private GuestSession OpenCore() =>
        GuestSession.Over(CoreTarget.Open(fixture.Core), new GuestSettings { Cpu = 0, NoCache = true });
}
