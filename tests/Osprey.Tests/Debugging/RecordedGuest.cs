using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Debugging;

/// <summary>
/// A small guest that <c>osprey replay</c> recorded, and that a QEMU replays: stopped at its beginning.
/// </summary>
internal sealed class RecordedGuest : IDisposable
{
    /// <summary>The instruction that counts, at 0x6000, to <see cref="Count"/>.</summary>
    public const string Writer = "0x0000000000007c40";

    /// <summary>Memory that is written so often before that a way back over it takes seconds.</summary>
    public const string Busy = "0x6100";

    /// <summary>The place where it is done; it then has QEMU end.</summary>
    public const string End = "0x0000000000007c80";

    /// <summary>The last count.</summary>
    public const int Count = 1000;

    private const string Code = """
        .code16
        .globl _start
        _start:
            cli
            xor %ax, %ax
            mov %ax, %ds
            movl $0, 0x6000
            mov $2000000, %ecx
        busy:
            incl 0x6100
            dec %ecx
            jnz busy
            mov $1000, %cx
            jmp count
            .org 0x40
        count:
            incl 0x6000
            loop count
            jmp end
            .org 0x80
        end:
            mov $0x501, %dx
            mov $1, %al
            out %al, %dx
        1:  hlt
            jmp 1b
            .org 510
            .word 0xaa55
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osprey-replay");
    private readonly GuestRecording _recording;

    public RecordedGuest()
    {
        try
        {
            string image = BootSector.Assemble(_folder.FullName, Code);
            _recording = new GuestRecording(
                3, // the guest's own: 1 << 1 | 1
                "-m",
                "32",
                "-drive",
                $"file={image},format=raw,if=none,id=hd0",
                "-device",
                "ide-hd,drive=hd0",
                "-device",
                "isa-debug-exit,iobase=0x501"
            );
        }
        catch
        {
            _folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>QEMU's name for it.</summary>
    public string Name => _recording.Name;

    /// <inheritdoc/>
    public void Dispose()
    {
        _recording.Dispose();
        _folder.Delete(recursive: true);
    }
}
