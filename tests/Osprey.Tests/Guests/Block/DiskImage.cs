using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Guests.Block;

/// <summary>A new qcow2 image in a folder of its own.</summary>
internal sealed class DiskImage : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osprey-disk");

    public DiskImage() => Tools.Run("qemu-img", ["create", "-q", "-f", "qcow2", Path, "1G"]);

    /// <summary>The image's file.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "disk.qcow2");

    /// <summary>Has qemu-img check the image, which no QEMU may use meanwhile; fails unless it is clean.</summary>
    public void RequireClean() => Assert.Contains("No errors were found", Tools.Run("qemu-img", ["check", Path]));

    public void Dispose() => _folder.Delete(recursive: true);
}
