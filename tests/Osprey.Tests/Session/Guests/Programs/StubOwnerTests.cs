using Osprey.Session.Guests.Programs;
using Osprey.Target.Backends.Gdb;
using Osprey.Tests.Target.Backends.Qemu.Live;

namespace Osprey.Tests.Session.Guests.Programs;

public sealed class StubOwnerTests
{
    [Theory]
    [InlineData(":1234", "-s")]
    [InlineData("localhost:1234", "-gdb tcp::1234")]
    [InlineData("127.0.0.1:4000", "-gdb tcp:127.0.0.1:4000")]
    [InlineData("[::1]:4000", "-gdb tcp:localhost:4000")]
    [InlineData("unix:/tmp/a/../stub", "-gdb unix:/tmp/stub,server=on,wait=off")]
    [InlineData("unix:/tmp/stub", "-chardev socket,id=stub,path=/tmp/stub,server=on -gdb chardev:stub")]
    public void Find_StubOfACommandLine_IsThatProcess(string stub, string arguments) =>
        Assert.NotNull(
            StubOwner.Find(
                GdbEndpoint.Parse(stub),
                [OwnProcess.AsQemu("-m", "64"), OwnProcess.AsQemu(arguments.Split(' '))]
            )
        );

    [Theory]
    [InlineData(":1235", "-s")]
    [InlineData("192.0.2.1:1234", "-s")] // another host
    [InlineData("no-such-host.invalid:1234", "-s")]
    [InlineData("unix:/tmp/other", "-gdb unix:/tmp/stub,server=on,wait=off")]
    [InlineData("unix:/tmp/stub", "-qmp unix:/tmp/stub,server=on,wait=off")]
    [InlineData(":4000", "-qmp tcp:localhost:4000,server=on")]
    [InlineData(":1234", "-m 64")]
    public void Find_StubOfSomebodyElse_IsNothing(string stub, string arguments) =>
        Assert.Null(StubOwner.Find(GdbEndpoint.Parse(stub), [OwnProcess.AsQemu(arguments.Split(' '))]));
}
