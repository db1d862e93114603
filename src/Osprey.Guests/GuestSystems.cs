using Osprey.Guests.DotNet;
using Osprey.Guests.Linux;
using Osprey.Guests.Osv;

namespace Osprey.Guests;

/// <summary>
/// The registration of operating systems, and the question which of them runs in a guest.
/// </summary>
/// <remarks>
/// <para>
/// Nobody tells us what runs in a guest, and nothing in a guest's memory is bound to be there: an image may be
/// stripped, its banner may lack a version or name a fork, its first page may be overwritten, page tables may be out of
/// reach. So each system looks for several <see cref="GuestSign"/>s that do not depend on each other, and none of which
/// is required: the place and headers of its image, entry points, notes, texts that its code must have, and the very
/// ELF file that QEMU was told to boot. Its detector combines them into a verdict, and the <see cref="GuestIdentity"/>
/// keeps them, so that a user sees on what the verdict rests.
/// </para>
/// <para>
/// Two rules keep this cheap and safe. A detector first takes signs that cost a few bytes, and searches an image only
/// when one of these speaks for it: most guests are not the system in question. And everything in memory is a claim:
/// sizes are bounded before they are used, and a sign is only what was compared, never what a header says of itself.
/// </para>
/// <para>
/// Systems that need only physical memory stand first. A detector must not need the symbols of the kernel, nor page
/// tables beyond those that registers or the user name (<see cref="GuestMachine.Space"/>): both are found by means of
/// the system that it is to find.
/// </para>
/// </remarks>
public static class GuestSystems
{
    /// <summary>All systems that are recognised. A new one is a folder of this project and a line here.</summary>
    public static IReadOnlyList<GuestDetector> Known { get; } =
    [DotNetProgram.Detect, OsvGuest.Detect, LinuxGuest.Detect];

    /// <summary>Finds out what runs in a guest.</summary>
    /// <param name="machine">The guest.</param>
    /// <param name="detectors">The systems to try, in this order; null for all that are known.</param>
    /// <returns>The first system that recognises itself; <see cref="UnknownGuest"/> when none does.</returns>
    public static IGuestOs Identify(GuestMachine machine, IReadOnlyList<GuestDetector>? detectors = null)
    {
        foreach (GuestDetector detect in detectors ?? Known)
        {
            if (detect(machine) is { } system)
                return system;
        }

        return new UnknownGuest(machine);
    }
}
