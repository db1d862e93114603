using System.IO.MemoryMappedFiles;
using Osprey.Target.Backends.Qemu.Live;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Target.Backends.Qemu.Live;

public sealed class SharedMappingTests : IDisposable
{
    private const int Size = 8 << 20;
    private const int Offset = 1 << 20; // of the mapping in the file

    private readonly FileStream _file;
    private readonly MemoryMappedFile _shared;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte[] _content = new byte[Size];
    private readonly ProcessMapping _mapping;

    /// <summary>
    /// A file in memory with a few pages of content, mapped, and without a name any more: as a memfd is.
    /// </summary>
    public SharedMappingTests()
    {
        string path = $"/dev/shm/osprey-{Guid.NewGuid():n}";
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite);
        _file.SetLength(Size + Offset);
        foreach (int at in (int[])[0, 4096, 3 << 20, (5 << 20) + 8192, Size - 4096])
        {
            new Random(at).NextBytes(_content.AsSpan(at, 4096));
            _file.Position = Offset + at;
            _file.Write(_content, at, 4096);
        }

        _file.Flush();
        _shared = MemoryMappedFile.CreateFromFile(
            _file,
            null,
            0,
            MemoryMappedFileAccess.ReadWrite,
            HandleInheritability.None,
            leaveOpen: true
        );
        _view = _shared.CreateViewAccessor(Offset, Size);
        File.Delete(path);
        _mapping = ProcessMapping.ReadAll(Environment.ProcessId).Single(row => row.Path == path + " (deleted)");
    }

    public void Dispose()
    {
        _view.Dispose();
        _shared.Dispose();
        _file.Dispose();
    }

    [Fact]
    public void GetBytes_OverHoles_GivesZerosThatTakeNoRoom()
    {
        using SharedMapping mapping = Open();
        long before = CountBlocks();
        var all = new List<byte>();
        while (all.Count < Size)
        {
            ReadOnlySpan<byte> piece = mapping.GetBytes(_mapping.Start + (ulong)all.Count, Size - all.Count);
            Assert.False(piece.IsEmpty);
            all.AddRange(piece);
        }

        Assert.Equal(_content, all);
        Assert.Equal(before, CountBlocks());
        Assert.Equal(5 * 4096 / 512, before);
    }

    [Fact]
    public void GetBytes_ShortRange_IsWhereItLies()
    {
        using SharedMapping mapping = Open();
        Assert.Equal(_content[4000..5000], mapping.GetBytes(_mapping.Start + 4000, 1000).ToArray());
        _view.Write(4500, (byte)0x77);
        Assert.Equal(0x77, mapping.GetBytes(_mapping.Start + 4500, 1)[0]);
    }

    [Fact]
    public void TryOpen_WhatIsNotShared_IsNothing()
    {
        Assert.Null(SharedMapping.TryOpen(OwnProcess.AsQemu(), _mapping with { IsShared = false }));
        Assert.Null(SharedMapping.TryOpen(OwnProcess.AsQemu(), _mapping with { Inode = 0 }));
        Assert.Null(
            SharedMapping.TryOpen(
                OwnProcess.AsQemu(),
                _mapping with
                {
                    FileOffset = Offset * 2,
                    Start = 0x1000,
                    End = 0x1000 + Size,
                }
            )
        );
    }

    [Fact]
    public void TryOpen_FileThatCannotBeMapped_IsNothingAndLeavesNoHandle()
    {
        string path = $"/dev/shm/osprey-{Guid.NewGuid():n}";
        File.WriteAllBytes(path, []);
        try
        {
            Assert.Null(
                SharedMapping.TryOpen(
                    OwnProcess.AsQemu(),
                    _mapping with
                    {
                        Path = path,
                        FileOffset = 0,
                        Start = 0x1000,
                        End = 0x1000,
                    }
                )
            );
            Assert.DoesNotContain(
                path,
                Directory.GetFiles("/proc/self/fd").Select(descriptor => new FileInfo(descriptor).LinkTarget)
            );
        }
        finally
        {
            File.Delete(path);
        }
    }

    private SharedMapping Open()
    {
        SharedMapping? mapping = SharedMapping.TryOpen(OwnProcess.AsQemu(), _mapping);
        Assert.NotNull(mapping);
        return mapping;
    }

    private long CountBlocks() =>
        long.Parse(
            Tools.Run(
                "stat",
                ["-L", "-c", "%b", $"/proc/{Environment.ProcessId}/fd/{_file.SafeFileHandle.DangerousGetHandle()}"]
            )
        );
}
