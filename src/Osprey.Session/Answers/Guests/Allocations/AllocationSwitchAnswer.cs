using System.Globalization;
using Osprey.Guests.Memory;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Execution;
using Osprey.Target.Memory;

namespace Osprey.Session.Answers.Guests.Allocations;

/// <summary>The answer to: turn the record of allocations on or off.</summary>
/// <param name="Switch">The kernel's variable, as it was before.</param>
/// <param name="Physical">Its physical address.</param>
/// <param name="Wanted">The state that was asked for.</param>
/// <param name="IsWritten">False when it was in that state already: then nothing is written.</param>
public sealed record AllocationSwitchAnswer(GuestSwitch Switch, PhysicalAddress Physical, bool Wanted, bool IsWritten)
{
    /// <summary>The columns.</summary>
    public static Shape<AllocationSwitchAnswer> Shape { get; } =
        new Shape<AllocationSwitchAnswer>("switches")
            .Text("variable", answer => answer.Switch.Name)
            .Address("address", answer => answer.Switch.Address)
            .Address("physical", answer => answer.Physical.Value)
            .Boolean("before", answer => answer.Switch.IsOn)
            .Boolean("after", answer => answer.Wanted)
            .Boolean("written", answer => answer.IsWritten);

    /// <summary>The answer as a sentence.</summary>
    public string Sentence
    {
        get
        {
            string place = string.Create(
                CultureInfo.InvariantCulture,
                $"{Switch.Name}, 1 byte at 0x{Switch.Address:x} (physical 0x{Physical.Value:x})"
            );
            string state = Wanted ? "on" : "off";
            return IsWritten
                ? $"the record of allocations is {state}: wrote {(Wanted ? 1 : 0)} to {place}"
                : $"the record of allocations was {state} already: nothing is written to {place}";
        }
    }

    /// <summary>Writes one byte of the guest's memory, or none.</summary>
    /// <exception cref="TargetException">
    /// The guest can't be written or the user did not allow it, or the kernel was built without the record.
    /// </exception>
    public static AllocationSwitchAnswer Ask(GuestSession session, bool isOn)
    {
        ArgumentNullException.ThrowIfNull(session);
        IMemoryWriter writer = session.Target.Require<IMemoryWriter>();
        GuestSwitch found = session
            .RequireAbility<IGuestAllocations>("who allocates its memory can't be recorded")
            .FindAllocationSwitch(session.Kernel);
        AllocationSwitchAnswer answer = Set(found, session.Vcpu.Space, writer, isOn);
        session.Refresh();
        return answer;
    }

    /// <summary>Writes the switch's byte, unless it has the value already.</summary>
    internal static AllocationSwitchAnswer Set(GuestSwitch found, AddressSpace space, IMemoryWriter writer, bool isOn)
    {
        if (!space.Memory.TryTranslate(found.Address, out PhysicalAddress physical))
            throw new TargetException(space.Explain(found.Address));

        if (found.IsOn != isOn)
            writer.Write(physical, [isOn ? (byte)1 : (byte)0]);

        return new AllocationSwitchAnswer(found, physical, isOn, found.IsOn != isOn);
    }
}
