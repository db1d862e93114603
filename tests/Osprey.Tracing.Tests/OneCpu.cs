using System.Runtime.InteropServices;

namespace Osprey.Tracing.Tests;

/// <summary>Keeps a thread, and those that it starts, on one CPU until it is disposed.</summary>
internal sealed partial class OneCpu : IDisposable
{
    private const int MaskSize = 128;

    private readonly byte[] _before = new byte[MaskSize];

    private OneCpu() { }

    /// <summary>Takes the first CPU that the thread may run on.</summary>
    public static OneCpu Take()
    {
        var taken = new OneCpu();
        Assert.True(GetAffinity(0, MaskSize, taken._before) >= 0);
        int first = Array.FindIndex(taken._before, bits => bits != 0);
        byte[] mask = new byte[MaskSize];
        mask[first] = (byte)(taken._before[first] & -taken._before[first]);
        Assert.Equal(0, SetAffinity(0, MaskSize, mask));
        return taken;
    }

    public void Dispose() => _ = SetAffinity(0, MaskSize, _before);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nint size, [Out] byte[] mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nint size, [In] byte[] mask);
}
