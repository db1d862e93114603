using System.Net.Sockets;
using Osprey.Cli;
using Osprey.Cli.Commands.Guest;

namespace Osprey.Tests.Cli.Guest;

public sealed class DebuggerPlaceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    private string Path => System.IO.Path.Combine(_folder, "s");

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Open_WhereAProgramThatWasKilledListened_TakesThePlace()
    {
        var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        left.Bind(new UnixDomainSocketEndPoint(Path));
        left.Listen();

        // A listening socket of .NET removes its file when it is closed; one that only was bound does not.
        File.Move(Path, Path + ".left");
        left.Dispose();
        File.Move(Path + ".left", Path);

        using (DebuggerPlace place = DebuggerPlace.Open($"unix:{Path}"))
            Assert.Equal(Path, place.Address);

        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void Open_WhereSomebodyListens_IsInUse()
    {
        using DebuggerPlace first = DebuggerPlace.Open($"unix:{Path}");
        Assert.Equal(
            $"can't listen on unix:{Path}: it is in use",
            Assert.Throws<CommandFailedException>(() => DebuggerPlace.Open($"unix:{Path}")).Message
        );
    }

    [Fact]
    public void Open_WhereAFileIs_LeavesIt()
    {
        File.WriteAllText(Path, "");
        Assert.Equal(
            $"can't listen on unix:{Path}: another file has this name",
            Assert.Throws<CommandFailedException>(() => DebuggerPlace.Open($"unix:{Path}")).Message
        );
        Assert.True(File.Exists(Path));
    }
}
