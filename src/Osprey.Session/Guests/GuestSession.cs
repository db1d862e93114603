using System.Globalization;
using Osprey.Binary;
using Osprey.Guests;
using Osprey.Session.Guests.Programs;
using Osprey.Symbols;
using Osprey.Target;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Memory;

namespace Osprey.Session.Guests;

/// <summary>
/// A guest that is looked into: the way to it, one address space of it, what runs in it, and the ELF files of that.
/// Each is found out when it is first asked for, so that a command waits only for what it needs.
/// </summary>
/// <remarks>Used from one thread at a time.</remarks>
public sealed partial class GuestSession : IDisposable
{
    private readonly GuestSettings _settings;
    private readonly Lazy<AddressSpace> _space;
    private readonly Lazy<GuestIdentity> _identity;
    private readonly Lazy<GuestPrograms> _programs;

    private GuestSession(GuestTarget target, GuestSettings settings)
    {
        Target = target;
        _settings = settings;
        Physical = CachedPhysicalMemory.WrapIfUseful(target.Memory);
        PhysicalReader = new PhysicalReader(Physical);
        _space = new Lazy<AddressSpace>(() => AddressSpace.Choose(target, Physical, settings, FindKernelRoot));
        _identity = new Lazy<GuestIdentity>(Identify);
        _programs = new Lazy<GuestPrograms>(OpenPrograms);
    }

    /// <summary>The guest, as the chosen way to it gives it.</summary>
    public GuestTarget Target { get; }

    /// <summary>Its physical memory, with a cache where that is of use.</summary>
    public IPhysicalMemory Physical { get; }

    /// <summary>The same by numbers, for whoever reads either kind of address.</summary>
    public IMemoryReader PhysicalReader { get; }

    /// <summary>Its memory through the page tables that were chosen.</summary>
    /// <exception cref="TargetException">No page tables are known.</exception>
    public VirtualMemory Virtual => Space.Memory;

    /// <summary>The address space that was chosen.</summary>
    public AddressSpace Space => _space.Value;

    /// <summary>What runs in the guest.</summary>
    public GuestIdentity Identity => _identity.Value;

    /// <summary>Names for its addresses; empty when no ELF file is known.</summary>
    public Symbolizer Symbols => _programs.Value.Symbols;

    /// <summary>Its programs whose ELF files are here.</summary>
    public GuestPrograms Programs => _programs.Value;

    /// <summary>How memory is read, in the system's words.</summary>
    public string MemoryMethod =>
        Target switch
        {
            QemuTarget live => $"read by {live.MemoryMethod}",
            { Access: TargetAccess.Core } => "read from the file",
            _ => "read through the stub",
        };

    /// <summary>The page tables that are used, in words; why there are none where there are none.</summary>
    public string RootDescription
    {
        get
        {
            try
            {
                return Space.Description;
            }
            catch (TargetException exception)
            {
                return $"unknown: {exception.Message}";
            }
        }
    }

    /// <summary>In what state the guest is read, as one word: "live", "paused" or "core".</summary>
    public string AccessWord => Target.Access.ToString().ToLowerInvariant();

    /// <summary>The guest and the state that it is read in, as one line.</summary>
    public string Description
    {
        get
        {
            string cpus = Target.CpuCount == 1 ? "1 vCPU" : $"{Target.CpuCount} vCPUs";
            string access = Target.Access switch
            {
                TargetAccess.Live => "live, not paused",
                TargetAccess.Paused => "paused",
                _ => "core",
            };
            return $"{Target.Name}, {cpus}, {SizeText.Format(Target.RamSize)}: {access}";
        }
    }

    /// <summary>Whether programs were looked for and none was found, so that there are no symbols.</summary>
    public bool HasNoPrograms => _programs.IsValueCreated && _programs.Value.Modules.Count == 0;

    /// <summary>What the user should know: of the way to the guest, of its programs, of their symbols.</summary>
    public IEnumerable<string> Notes => Target.Notes.Concat(_programs.IsValueCreated ? _programs.Value.Notes : []);

    /// <summary>Reaches a guest.</summary>
    /// <exception cref="TargetException">It can't be reached.</exception>
    /// <exception cref="BadDataException">A core file is malformed.</exception>
    /// <exception cref="IOException">A core file can't be opened.</exception>
    public static GuestSession Open(GuestSettings settings)
    {
        GuestTarget target = GuestFinder.Open(settings.Target);
        try
        {
            return new GuestSession(target, settings);
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    /// <summary>A session over a guest that was reached already; it owns the guest from then on.</summary>
    public static GuestSession Over(GuestTarget target, GuestSettings settings) => new(target, settings);

    /// <summary>Makes sure that what was read came from a guest that was there until now.</summary>
    /// <exception cref="TargetException">The guest ended meanwhile.</exception>
    public void RequireAlive()
    {
        if (Target is QemuTarget { Process: { } process } && !process.IsAlive())
            throw new TargetException(
                TargetProblem.GuestEnded,
                $"the guest ended while it was read: qemu pid {process.ProcessId}"
            );
    }

    /// <summary>Forgets what was read: the guest may have run.</summary>
    public void Refresh()
    {
        Target.Refresh();
        (Physical as CachedPhysicalMemory)?.Invalidate();
        if (_space.IsValueCreated)
            _space.Value.Memory.Invalidate();
    }

    /// <summary>Why an address can't be read, as a sentence.</summary>
    public string ExplainUnreadable(ulong address, bool isPhysical)
    {
        if (isPhysical)
            return string.Create(
                CultureInfo.InvariantCulture,
                $"physical address 0x{address:x} can't be read: the guest has no memory there"
            );

        return Space.Explain(address);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_programs.IsValueCreated)
            _programs.Value.Dispose();

        Target.Dispose();
    }

    private GuestIdentity Identify() => GuestIdentification.Identify(Physical, () => Space);

    private GuestPrograms OpenPrograms() => GuestPrograms.Open(this, _settings);
}
