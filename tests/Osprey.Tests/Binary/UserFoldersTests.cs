using Osprey.Binary;

namespace Osprey.Tests.Binary;

public sealed class UserFoldersTests
{
    [Theory]
    [InlineData("/var/state", "/home/ada", "/var/state/osprey")]
    [InlineData(null, "/home/ada", "/home/ada/.local/state/osprey")]
    [InlineData("", "/home/ada", "/home/ada/.local/state/osprey")]
    [InlineData("state", "/home/ada", "/home/ada/.local/state/osprey")]
    [InlineData(null, "", "/.local/state/osprey")]
    [InlineData("", "ada", "/.local/state/osprey")]
    public void Choose_OfVariableAndHome_IsNeverBelowTheCurrentFolder(string? given, string home, string expected) =>
        Assert.Equal(expected, UserFolders.Choose(given, home, ".local/state"));
}
