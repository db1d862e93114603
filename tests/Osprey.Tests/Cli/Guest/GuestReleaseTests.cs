using System.Diagnostics;
using Osprey.Tests.Builders;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Cli.Guest;

/// <summary>A guest behind a stub runs on after the signals that end the program in the middle of a command.</summary>
public sealed class GuestReleaseTests
{
    [RequiresProgramFact("qemu-system-x86_64")]
    public void Signals_InTheMiddleOfACommand_LetTheGuestRunOn()
    {
        using var guest = new SeabiosGuest(isPaused: false);
        foreach (string signal in (string[])["INT", "TERM", "HUP", "QUIT"])
        {
            using Process run = Start(guest);
            Assert.NotEqual(-1, run.StandardOutput.BaseStream.ReadByte());
            Assert.Equal((signal, "paused"), (signal, guest.Status));

            // Nobody reads on, so that the command waits in the middle of its output.
            TestedProgram.Signal(run, signal);

            for (int i = 0; guest.Status != "running"; i++)
            {
                Assert.True(i < 400, $"the guest does not run after {signal}");
                Thread.Sleep(50);
            }

            run.Kill();
            run.WaitForExit();
            Assert.Equal((signal, "running"), (signal, guest.Status));
        }
    }

    private static Process Start(SeabiosGuest guest) =>
        Process.Start(
            TestedProgram.With("read", "--phys", "0x100000", "0x2000000", "--raw", "--target", $"gdb:unix:{guest.Stub}")
        )!;
}
