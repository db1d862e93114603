using System.Security.Cryptography;
using Osprey.Tests.Cli;
using Osprey.Tests.Guests.Qmp;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Guests.Osv;

/// <summary>That nothing is written to an OSv guest, whatever is asked of it.</summary>
[Collection(OsvGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class OsvUnchangedTests(OsvGuestFixture fixture)
{
    private OsvGuest Guest => fixture.Guest;

    [OsvBuildFact("qemu-system-x86_64")]
    public void Commands_OnThePausedGuest_ChangeNoByteOfRam() => Check(OsvCommandLine.Live(Guest));

    [OsvBuildFact("qemu-system-x86_64")]
    public void Commands_ThroughTheStub_ChangeNoByteOfRam() => Check(OsvCommandLine.Stub(Guest));

    private void Check(OsvCommandLine commands)
    {
        using var qmp = new QmpClient(Guest.TestQmpSocket);
        string before = Hash();
        Assert.Equal(0, CommandRun.Of("guests").ExitCode);
        Assert.Equal(before, Hash());
        foreach (string[] arguments in OsvCommandLine.GetAll(Guest.PathOf("own.core")))
        {
            CommandRun run = commands.Run(arguments);
            string command = string.Join(' ', arguments);
            Assert.True(
                run.ExitCode == 0 && run.Output.Length + run.Messages.Length > 0,
                $"{command}: {run.ExitCode}\n{run.Messages}"
            );
            Assert.Equal(
                (command, before, "paused"),
                (command, Hash(), qmp.Execute("query-status").GetProperty("status").GetString())
            );
        }
    }

    private string Hash()
    {
        using FileStream file = File.Open(Guest.MemoryFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Assert.Equal(OsvGuest.RamSize, file.Length);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
