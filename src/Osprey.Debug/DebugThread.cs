using System.Globalization;
using Osprey.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Memory;

namespace Osprey.Debug;

/// <summary>
/// A thread as a debugger sees it, at one stop of the guest: one of the guest's own, or a vCPU that is not seen to run
/// any of them.
/// </summary>
public sealed class DebugThread
{
    private readonly GuestSession _guest;
    private GuestThread? _context;
    private bool _isSearched;

    internal DebugThread(GuestSession guest, long number, GuestThreadState? state, int? cpu)
    {
        _guest = guest;
        Number = number;
        State = state;
        Cpu = cpu;
    }

    /// <summary>Its number, from 1: as long as it lives the same, and no other thread's in a session.</summary>
    public long Number { get; }

    /// <summary>The thread as the guest's system keeps it; null for a vCPU.</summary>
    public GuestThreadState? State { get; }

    /// <summary>The vCPU that runs it now, from 0; null when it does not run.</summary>
    public int? Cpu { get; }

    /// <summary>Its name; for a vCPU its number in words.</summary>
    public string Name => State?.Name ?? string.Create(CultureInfo.InvariantCulture, $"vCPU {Cpu}");

    /// <summary>Its state in a few words, such as "waiting, CPU 1".</summary>
    public string Description =>
        State is null ? "not seen to run a thread"
        : (Cpu ?? State.Cpu) is int cpu ? string.Create(CultureInfo.InvariantCulture, $"{State.State}, CPU {cpu}")
        : State.State;

    /// <summary>Its registers; null when they can't be read: never those of another thread.</summary>
    public RegisterSet? ReadRegisters() => State?.Saved ?? FindContext()?.TryReadRegisters();

    /// <summary>Its address space; null when no page tables are known.</summary>
    public AddressSpace? FindSpace()
    {
        try
        {
            return (FindContext() ?? _guest.Vcpu).Space;
        }
        catch (TargetException)
        {
            return null;
        }
    }

    /// <summary>Reads memory as the thread sees it.</summary>
    /// <param name="address">The first byte's address.</param>
    /// <param name="buffer">Receives the bytes.</param>
    /// <returns>How many bytes could be read from the start on.</returns>
    /// <exception cref="TargetException">The guest can't be read any more.</exception>
    public int ReadMemory(ulong address, Span<byte> buffer) => FindSpace()?.Memory.Read(address, buffer) ?? 0;

    /// <summary>
    /// Its registers, address space and stack together; null when its registers are nowhere: never those of another
    /// thread.
    /// </summary>
    public GuestThread? FindContext()
    {
        if (_isSearched)
            return _context;

        _isSearched = true;
        try
        {
            _context =
                Cpu is int cpu ? _guest.GetCpu(cpu)
                : State is null ? null
                : _guest.GetThread(State);
        }
        catch (TargetException)
        {
            _context = null; // it runs, or its registers are nowhere
        }

        return _context;
    }
}
