using Osprey.Guests.Osv.Threads;

namespace Osprey.Tests.Guests.Osv.Threads;

/// <summary>Names of functions without scope, template arguments and parameters.</summary>
public sealed class OsvWaitFramesTests
{
    [Theory]
    [InlineData("main", "main")]
    [InlineData("sched::thread::wait()", "wait")]
    [InlineData(
        "sched::cpu::reschedule_from_interrupt(bool, std::chrono::duration<long>)",
        "reschedule_from_interrupt"
    )]
    [InlineData("do_wait_until<sched::noninterruptible, sched::thread::join()::<lambda()> >", "do_wait_until")]
    [InlineData(
        "void sched::thread::wait_until<waiter::wait() const::{lambda()#1}>(waiter::wait() const)",
        "wait_until"
    )]
    [InlineData("lockfree::mutex::lock()", "lock")]
    [InlineData("condvar::wait(lockfree::mutex*, sched::timer*)", "wait")]
    [InlineData("", "")]
    [InlineData("(", "(")]
    public void GetBaseName_OfAFunction_IsItsLastPart(string function, string name) =>
        Assert.Equal(name, OsvWaitFrames.GetBaseName(function));
}
