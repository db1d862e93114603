using Osprey.Guests.Processes;
using Osprey.Session.Guests.Stacks;
using Osprey.Symbols;
using Osprey.Target.Architectures.X64;
using Osprey.Tests.Values;

namespace Osprey.Tests.Session.Guests.Stacks;

public sealed class UserProgramsTests
{
    /// <summary>The name of a mapped file is followed in the guest's memory, where it may end nowhere.</summary>
    [Fact]
    public void Find_AFileWithoutAName_IsLookedForNowhere()
    {
        var code = new GuestProcessMapping(0x400000, 0x401000, 0, PagePermissions.Read | PagePermissions.Execute)
        {
            Inode = 5,
        };

        using UserPrograms programs = UserPrograms.Find(
            [code],
            new FakeMemory(0, []),
            _ => null,
            ["/"],
            new SymbolizerOptions { UseCache = false }
        );

        Assert.Empty(programs.Notes);
    }
}
