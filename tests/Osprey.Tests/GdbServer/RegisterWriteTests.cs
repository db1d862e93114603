using System.Globalization;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Guests;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.GdbServer;

/// <summary>Registers that stock gdb writes.</summary>
[Collection(TasksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class RegisterWriteTests(TasksGuest fixture)
{
    [ToolFact("qemu-system-x86_64", "gdb")]
    public void Write_OfAVcpu_IsInTheGuest()
    {
        using var guest = new QemuGuest("-S", "-gdb", "unix:FOLDER/gdb,server=on,wait=off");
        string name = guest.ProcessId.ToString(CultureInfo.InvariantCulture);
        using (var looking = new ServerProcess(null, "--target", name))
        {
            string refused = GdbSession.Run(looking.Address, "set $rbx = 1");
            Assert.Contains(
                "Could not write register \"rbx\"; remote failure reply 'E.",
                refused,
                StringComparison.Ordinal
            );
        }

        using var server = new ServerProcess(null, "--target", name, "--write");
        string text = GdbSession.Run(
            server.Address,
            "set $rbx = 0x11223344",
            "set $eflags = 0x246",
            "maintenance flush register-cache",
            "printf \"rbx=%lx\\n\", $rbx",
            "thread 2",
            "set $rcx = 7",
            "maintenance flush register-cache",
            "printf \"rcx=%lx\\n\", $rcx",
            "set $st0 = 1"
        );
        Assert.Contains("rbx=11223344\n", text, StringComparison.Ordinal);
        Assert.Contains("rcx=7\n", text, StringComparison.Ordinal);
        Assert.Contains("register st0 can't be written", text, StringComparison.Ordinal);
        Assert.Contains("BX=11223344", guest.Monitor("info registers"), StringComparison.Ordinal);
        Assert.Contains("CX=00000007", guest.Monitor("info registers", 1), StringComparison.Ordinal);
    }

    [LinuxGuestFact("gdb")]
    public void FloatingPointAndVectors_AreThoseOfAVcpu_AndNoOthers()
    {
        using var server = new ServerProcess(null, "--target", fixture.Guest.Name);
        string text = GdbSession.Run(
            server.Address,
            "print $mxcsr",
            "print $xmm0.uint128",
            "print $st0",
            "thread 5",
            "print $mxcsr",
            "print $xmm0"
        );
        Assert.Matches(@"(?s)\$1 = 8064\s.*\$2 = \d+\s.*\$3 = [-\d].*\$4 = <unavailable>\s.*\$5 = <unavailable>", text);
    }

    [LinuxGuestFact("gdb")]
    public void Write_OfAThreadThatSleeps_IsRefusedWithAReason()
    {
        using var server = new ServerProcess(null, "--target", fixture.Guest.Name, "--write");
        string text = GdbSession.Run(server.Address, "thread 5", "set $rbx = 1");
        Assert.Matches(@"E\.thread \d+ \(.*\) is on no CPU", text);
    }
}
