using Osprey.Tests.Cli;
using Osprey.Tests.Guests;

namespace Osprey.Tests.Debugging;

/// <summary>Going backwards in the boot of a Linux kernel that has no file here.</summary>
[Trait("Category", "Slow")]
public sealed class LinuxReplayTests
{
    [LinuxGuestFact("qemu-img")]
    public void WriterOfAVariable_OfAKernelThatBoots_IsFoundBackwards()
    {
        using var guest = new GuestRecording(
            0,
            "-m",
            "128",
            "-no-reboot",
            "-kernel",
            LinuxGuestImage.Kernel,
            "-append",
            "panic=-1" // it has no disk
        );
        CommandRun run = Run(guest, "run-until", "kernel_init_freeable", "--stop");
        Assert.True(run.ExitCode == 0, run.Messages);
        Assert.Matches(
            @"^0xffffffff[0-9a-f]{8} kernel_init_freeable, thread 1 \(swapper/0\) on CPU 0, after ",
            run.Text
        );

        CommandRun first = Run(guest, "who-wrote", "jiffies_64");
        Assert.True(first.ExitCode == 0, first.Messages);
        Assert.Matches(
            @"^0xffffffff[0-9a-f]{8} (do_timer|tick_\w+)(\+0x[0-9a-f]+)?, thread \d+ \(.+\) on CPU 0, "
                + @"\d+ instructions before\n"
                + @"0x[0-9a-f]{16}: [0-9a-f]{16} became [0-9a-f]{16}\n(?s).* tick_",
            first.Text
        );

        // The guest was taken to where it was: the same answer again.
        Assert.Equal(first.Text, Run(guest, "who-wrote", "jiffies_64").Text);
    }

    private static CommandRun Run(GuestRecording guest, params string[] words) =>
        CommandRun.Of([.. words, "--timeout", "100s", "--target", guest.Name]);
}
