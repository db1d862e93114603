using System.Globalization;
using System.Text;
using Osprey.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Memory;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Session.Captures;

/// <summary>Says what a guest's CPUs run, by a read of a pointer for each.</summary>
/// <remarks>
/// Names are those of a list of threads, which is read anew when an unknown one was met; never while packets come,
/// since that takes long.
/// </remarks>
public sealed class RunningThreads
{
    private const int MaxCpus = 64;

    private readonly GuestSession _session;
    private readonly List<(int Cpu, PhysicalAddress Place)> _places;
    private readonly Dictionary<ulong, string> _names = [];

    private RunningThreads(GuestSession session, List<(int, PhysicalAddress)> places)
    {
        _session = session;
        _places = places;
    }

    /// <summary>True when a thread was met that was not in the list.</summary>
    public bool IsOld { get; private set; }

    /// <summary>Finds the places.</summary>
    /// <returns>Null when the guest's system or its kernel is not known well enough.</returns>
    public static RunningThreads? TryFind(GuestSession session, CancellationToken cancellation)
    {
        try
        {
            if (session.Os is not IGuestRunning running)
                return null;

            AddressSpace space = session.Os.GetKernelSpace(session.Vcpu.Space);
            var places = new List<(int, PhysicalAddress)>();
            foreach (GuestRunningPlace place in running.FindRunningPlaces(session.Kernel).Take(MaxCpus))
            {
                if (space.Walker.TryTranslate(place.Address, out Translation found))
                    places.Add((place.Cpu, found.Physical));
            }

            var threads = new RunningThreads(session, places);
            threads.ReadNames(cancellation);
            return places.Count > 0 ? threads : null;
        }
        catch (TargetException exception) when (exception.Problem != TargetProblem.GuestEnded)
        {
            return null;
        }
    }

    /// <summary>Lists the guest's threads anew.</summary>
    /// <param name="cancellation">Ends the walk.</param>
    public void Refresh(CancellationToken cancellation)
    {
        IsOld = false;
        try
        {
            _session.Kernel.Refresh();
            ReadNames(cancellation);
        }
        catch (TargetException exception) when (exception.Problem != TargetProblem.GuestEnded)
        {
            // The list can't be read just now: the names so far stay.
        }
    }

    /// <summary>Says what runs now, such as "CPU 0: 812 (wget), CPU 1: 0 (swapper/1)"; null when not known.</summary>
    public string? Describe()
    {
        var text = new StringBuilder();
        Span<byte> pointer = stackalloc byte[sizeof(ulong)];
        foreach ((int cpu, PhysicalAddress place) in _places)
        {
            if (_session.Target.Memory.Read(place, pointer) != pointer.Length)
                continue;

            bool isKnown = _names.TryGetValue(ReadUInt64LittleEndian(pointer), out string? name);
            IsOld |= !isKnown;
            if (isKnown)
                text.Append(CultureInfo.InvariantCulture, $"{(text.Length > 0 ? ", " : "")}CPU {cpu}: {name}");
        }

        return text.Length > 0 ? text.ToString() : null;
    }

    private void ReadNames(CancellationToken cancellation)
    {
        GuestThreadList list = _session.ListThreads(cancellation);
        _names.Clear();
        foreach (GuestThreadState thread in list.Threads)
        {
            _names[thread.Address] = thread.Label;
            if (
                thread.ThreadPointer is { } pointer and not 0
                && _session.Os is not IGuestThreads { HasProcesses: true }
            )
                _names[pointer] = thread.Label; // systems with one address space tell threads by it
        }
    }
}
