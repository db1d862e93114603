using Osprey.Guests.Failures;
using Osprey.Guests.Linux.Failures;
using Osprey.Target;
using Osprey.Target.Unwinding;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests.Linux.Failures;

/// <summary>Whether a Linux kernel panicked, by its variables, and what CPUs do, by their stacks.</summary>
public sealed class LinuxPanicTests
{
    [Theory]
    [InlineData(uint.MaxValue, 0UL, false, false)]
    [InlineData(uint.MaxValue, 0x1000UL, false, false)]
    [InlineData(uint.MaxValue, 0x80UL, true, false)]
    [InlineData(0u, 0UL, true, true)]
    [InlineData(3u, 0x80UL, true, true)]
    public void Variables_TellAPanicAndAnOops(uint cpu, ulong taints, bool hasFailed, bool isFatal)
    {
        FakeLinux linux = Make(cpu, taints);
        GuestFailure? failure = LinuxPanic.Read(linux.ToKernel());
        Assert.Equal((hasFailed, isFatal), (failure is not null, failure?.IsFatal ?? false));
        Assert.Empty(failure?.Report ?? []); // it has no log
    }

    [Fact]
    public void Variable_ThatCantBeRead_IsSaid()
    {
        FakeLinux linux = Make(0, 0);
        linux.Symbols["panic_cpu"] = 0xffff_8000_0000_0000;
        TargetException exception = Assert.Throws<TargetException>(() => LinuxPanic.Read(linux.ToKernel()));
        Assert.Equal("the kernel's panic_cpu can't be read", exception.Message);
    }

    [Theory]
    [InlineData("native_safe_halt default_idle do_idle", GuestCpuActivity.Idles)]
    [InlineData("native_halt stop_this_cpu sysvec_reboot native_safe_halt do_idle", GuestCpuActivity.IsStopped)]
    [InlineData("delay_tsc panic sysrq_handle_crash", GuestCpuActivity.Fails)]
    [InlineData("native_halt stop_this_cpu native_machine_halt vpanic panic do_exit", GuestCpuActivity.Fails)]
    [InlineData("panic_smp_self_stop panic oops_end", GuestCpuActivity.FailsToo)]
    [InlineData("stop_this_cpu native_machine_halt __do_sys_reboot", GuestCpuActivity.IsStopped)]
    [InlineData("ksys_read do_syscall_64", GuestCpuActivity.Runs)]
    [InlineData("", GuestCpuActivity.Runs)]
    public void Stack_TellsWhatACpuDoes(string functions, GuestCpuActivity activity)
    {
        BacktraceRow[] rows =
        [
            .. functions
                .Split(' ')
                .Select(
                    (name, i) => new BacktraceRow(i, i, 0, 0x1000, name, false, null, null, null, 0, FrameOrigin.Start)
                ),
        ];
        Assert.Equal(activity, LinuxPanic.FindActivity(rows));
    }

    private static FakeLinux Make(uint cpu, ulong taints)
    {
        var linux = new FakeLinux(4096);
        linux.Write(linux.Allocate(4, "panic_cpu"), cpu);
        linux.Write(linux.Allocate(8, "tainted_mask"), taints);
        return linux;
    }
}
