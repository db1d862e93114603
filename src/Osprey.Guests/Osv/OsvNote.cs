namespace Osprey.Guests.Osv;

/// <summary>
/// The ELF note by which OSv tells Xen its name: owner "Xen", type 6 (<c>XEN_ELFNOTE_GUEST_OS</c> of Xen's public
/// header elfnote.h), content "osv".
/// </summary>
internal static class OsvNote
{
    /// <summary>The whole note: sizes of owner and content, type, owner, content.</summary>
    public static ReadOnlySpan<byte> Bytes => "\u0004\0\0\0\u0004\0\0\0\u0006\0\0\0Xen\0osv\0"u8;

    /// <summary>True when the note is among others.</summary>
    public static bool IsIn(ReadOnlySpan<byte> notes) => notes.IndexOf(Bytes) >= 0;
}
