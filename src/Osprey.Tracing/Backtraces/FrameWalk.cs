using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Osprey.Tracing.Memory;

namespace Osprey.Tracing.Backtraces;

/// <summary>Follows the frame pointers of the current thread.</summary>
/// <remarks>
/// <para>
/// The runtime's compiler keeps frame pointers in all methods that call others, on x86-64 and AArch64, so that a walk
/// is a few loads. C# can't name the register; so two instructions that return it are called, from a page of their
/// own that is not writable while it is executable. Where such a page can't be had (a hardened system), backtraces
/// are empty.
/// </para>
/// <para>
/// A frame counts only when it lies on the thread's stack, further out than the one before: code without frame
/// pointers, which may leave anything in the register, ends the walk and never makes it read a wrong address.
/// </para>
/// </remarks>
internal static unsafe class FrameWalk
{
    private static readonly delegate* unmanaged[SuppressGCTransition]<ulong> s_framePointer = Prepare();

    /// <summary>Whether backtraces can be taken.</summary>
    public static bool IsAvailable => s_framePointer != null;

    /// <summary>Writes the return addresses of those who called the caller's caller, innermost first.</summary>
    /// <param name="addresses">The places of ten addresses; those that are not needed become 0.</param>
    /// <param name="stackEnd">
    /// The end of the thread's stack; 0 when it is not known, which gives an empty backtrace.
    /// </param>
    /// <param name="resumed">
    /// The async methods that the thread has resumed: behind the frames of the innermost one come its logical callers.
    /// </param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Collect(ulong* addresses, ulong stackEnd, ResumedMethods? resumed)
    {
        unchecked
        {
            int count = 0;
            if (s_framePointer != null && stackEnd != 0)
            {
                ulong frame = s_framePointer();
                ulong low = (ulong)&count;
                // This method's frame, then that of the one which begins the record, then that of the tracepoint.
                for (int skipped = 0; count < RecordLayout.BacktraceLength; skipped++)
                {
                    if (!IsFrame(frame, low, stackEnd))
                        break;

                    ulong returnAddress = ((ulong*)frame)[1];
                    if (returnAddress == 0)
                        break;

                    if (resumed is not null && resumed.IsBeyond(frame, returnAddress))
                    {
                        int callers = resumed.AddCallers(addresses + count, RecordLayout.BacktraceLength - count);
                        count += callers;
                        if (callers != 0)
                            break;
                        resumed = null; // nobody awaits it: the thread pool's frames are all that there is
                    }

                    if (skipped >= 2)
                        addresses[count++] = returnAddress;
                    low = frame;
                    frame = *(ulong*)frame;
                }
            }

            while (count < RecordLayout.BacktraceLength)
                addresses[count++] = 0;
        }
    }

    /// <summary>Follows the frames of the current thread, from this method's on.</summary>
    /// <param name="frames">Receives the frame pointers.</param>
    /// <param name="addresses">Receives the return addresses; as many.</param>
    /// <returns>The number of frames.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Follow(Span<ulong> frames, Span<ulong> addresses)
    {
        unchecked
        {
            int count = 0;
            ulong stackEnd = Rings.ThreadFactsOwner.Get()->StackEnd;
            if (s_framePointer == null || stackEnd == 0)
                return 0;

            ulong frame = s_framePointer();
            ulong low = (ulong)&count;
            while (count < frames.Length && IsFrame(frame, low, stackEnd))
            {
                frames[count] = frame;
                addresses[count++] = ((ulong*)frame)[1];
                low = frame;
                frame = *(ulong*)frame;
            }

            return count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsFrame(ulong frame, ulong low, ulong stackEnd) =>
        unchecked(frame > low && (frame & 7) == 0 && frame <= stackEnd - 16);

    private static delegate* unmanaged[SuppressGCTransition]<ulong> Prepare()
    {
        ReadOnlySpan<byte> code = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => [0x48, 0x89, 0xE8, 0xC3], // mov rax, rbp; ret
            Architecture.Arm64 => [0xE0, 0x03, 0x1D, 0xAA, 0xC0, 0x03, 0x5F, 0xD6], // mov x0, x29; ret
            _ => [],
        };
        return (delegate* unmanaged[SuppressGCTransition]<ulong>)MachineCode.Make(code);
    }
}
