using Osprey.Session.Guests;

namespace Osprey.Tests.Session.Guests;

public sealed class TargetSpecTests
{
    [Theory]
    [InlineData(null, TargetSpecKind.Any, "")]
    [InlineData("4711", TargetSpecKind.Process, "4711")]
    [InlineData("web", TargetSpecKind.Process, "web")]
    [InlineData("qemu:web", TargetSpecKind.Process, "web")]
    [InlineData("pid:4711", TargetSpecKind.Process, "4711")]
    [InlineData("gdb:localhost:1234", TargetSpecKind.GdbStub, "localhost:1234")]
    [InlineData("gdb::1234", TargetSpecKind.GdbStub, ":1234")]
    [InlineData(":1234", TargetSpecKind.GdbStub, ":1234")]
    [InlineData("gdb:unix:/tmp/g", TargetSpecKind.GdbStub, "unix:/tmp/g")]
    [InlineData("core:vm.core", TargetSpecKind.CoreFile, "vm.core")]
    [InlineData("./vm.core", TargetSpecKind.CoreFile, "./vm.core")]
    [InlineData("/var/crash/vm.core", TargetSpecKind.CoreFile, "/var/crash/vm.core")]
    public void Parse_EachSpelling_Understood(string? text, TargetSpecKind kind, string value) =>
        Assert.Equal(new TargetSpec(kind, value), TargetSpec.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("gdb:")]
    [InlineData("core:")]
    public void Parse_NothingNamed_Refused(string text) => Assert.Throws<FormatException>(() => TargetSpec.Parse(text));
}
