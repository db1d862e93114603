namespace Osprey.Tests.Guests.Osv;

/// <summary>The command line that a guest is booted with, by what OSv's build says of the image.</summary>
public sealed class OsvImageTests : IDisposable
{
    private const string ServerFiles = """
        [manifest]
        /usr/lib/libhttpserver-api.so: modules/libhttpserver-api.so
        # a comment: of the manifest
        /libhttpserver-api.so: ->/usr/lib/libhttpserver-api.so
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osprey-osv-image");

    [Fact]
    public void CommandLine_NoFiles_LetsTheKernelFindTheDisk()
    {
        OsvImage image = Describe(null, null);
        Assert.Equal("/nothing-to-run", image.GetCommandLine());
        Assert.False(image.HasServer);
    }

    [Theory]
    [InlineData("--rootfs=zfs ", "--rootfs=zfs /nothing-to-run")]
    [InlineData("", "/nothing-to-run")]
    [InlineData("--rootfs=rofs /hello --verbose\n", "--rootfs=rofs /hello --verbose")]
    public void CommandLine_NoServer_IsTheImages(string own, string expected)
    {
        OsvImage image = Describe(own, "[manifest]\n/usr/mgmt/plugins/libhttpserver-api_os.so: x.so\n");
        Assert.Equal(expected, image.GetCommandLine());
        Assert.False(image.HasServer);
    }

    [Fact]
    public void CommandLine_ServerThatTheImageStarts_IsTheImages()
    {
        File.WriteAllText(PathOf("30-auto-00"), "/libhttpserver-api.so &!");
        OsvImage image = Describe("--rootfs=rofs /hello", $"{ServerFiles}\n/init/30-auto-00: {PathOf("30-auto-00")}");
        Assert.Equal("--rootfs=rofs /hello", image.GetCommandLine());
        Assert.True(image.HasServer);
    }

    [Fact]
    public void CommandLine_ServerOnTheCommandLine_IsTheImages()
    {
        OsvImage image = Describe("--rootfs=rofs /libhttpserver-api.so --ssl", ServerFiles);
        Assert.Equal("--rootfs=rofs /libhttpserver-api.so --ssl", image.GetCommandLine());
        Assert.True(image.HasServer);
    }

    [Fact]
    public void CommandLine_ServerThatNothingStarts_RunsTheServer()
    {
        OsvImage image = Describe("--rootfs=rofs --nopci /hello -x", ServerFiles);
        Assert.Equal("--rootfs=rofs --nopci /libhttpserver-api.so", image.GetCommandLine());
        Assert.True(image.HasServer);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(true);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private OsvImage Describe(string? commandLine, string? manifest)
    {
        if (commandLine is not null)
            File.WriteAllText(PathOf("cmdline"), commandLine);

        if (manifest is not null)
            File.WriteAllText(PathOf("usr.manifest"), manifest);

        return new OsvImage(_folder.FullName);
    }
}
