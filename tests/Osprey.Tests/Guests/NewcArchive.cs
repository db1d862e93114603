using System.Globalization;
using System.Text;

namespace Osprey.Tests.Guests;

/// <summary>
/// An archive as the kernel unpacks it into its first file system: cpio in the format "newc" (cpio(5)).
/// </summary>
internal sealed class NewcArchive
{
    private const int DirectoryMode = 0x41ed; // S_IFDIR | 0755
    private const int ProgramMode = 0x81ed; // S_IFREG | 0755
    private const int DeviceMode = 0x2180; // S_IFCHR | 0600

    private readonly List<byte> _bytes = [];
    private int _inode = 1;

    public NewcArchive AddDirectory(string name) => Add(name, DirectoryMode, []);

    public NewcArchive AddProgram(string name, ReadOnlySpan<byte> contents) => Add(name, ProgramMode, contents);

    public NewcArchive AddDevice(string name, int major, int minor) => Add(name, DeviceMode, [], major, minor);

    public byte[] ToArray()
    {
        Add("TRAILER!!!", 0, []);
        return [.. _bytes];
    }

    private NewcArchive Add(string name, int mode, ReadOnlySpan<byte> contents, int major = 0, int minor = 0)
    {
        // Magic, then 13 fields: inode, mode, owner, group, links, time, size, device, the device it is, name's size,
        // checksum.
        int[] fields = [_inode++, mode, 0, 0, 1, 0, contents.Length, 0, 0, major, minor, name.Length + 1, 0];
        string header =
            "070701" + string.Concat(fields.Select(field => field.ToString("x8", CultureInfo.InvariantCulture)));
        _bytes.AddRange(Encoding.ASCII.GetBytes($"{header}{name}\0"));
        Align();
        _bytes.AddRange(contents);
        Align();
        return this;
    }

    private void Align() => _bytes.AddRange(new byte[-_bytes.Count & 3]);
}
