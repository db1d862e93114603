namespace Osprey.Tracing.Memory;

/// <summary>A few instructions that C# has no words for, in a page of their own.</summary>
internal static unsafe class MachineCode
{
    /// <summary>Makes a page that is not writable while it is executable, and that is never given back.</summary>
    /// <returns>The address of the first instruction; 0 where such a page can't be had (a hardened system).</returns>
    public static nint Make(ReadOnlySpan<byte> code)
    {
        if (code.IsEmpty || !OperatingSystem.IsLinux())
            return 0;

        nuint size = (nuint)code.Length;
        const int flags = Libc.MapPrivate | Libc.MapAnonymous;
        nint page = Libc.Map(0, size, Libc.ProtectionRead | Libc.ProtectionWrite, flags, -1, 0);
        if (page == -1)
            return 0;

        code.CopyTo(new Span<byte>((void*)page, code.Length));
        if (Libc.Protect(page, size, Libc.ProtectionRead | Libc.ProtectionExecute) == 0)
            return page;

        _ = Libc.Unmap(page, size);
        return 0;
    }
}
