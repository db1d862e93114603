namespace Osprey.Session.Guests.Programs;

/// <summary>Whether an ELF file is what a guest's memory holds.</summary>
public enum ProgramFit
{
    /// <summary>What could be compared is the same.</summary>
    Same,

    /// <summary>It is another build, or lies somewhere else.</summary>
    Different,

    /// <summary>
    /// Nothing of it could be read in the guest: its pages are not resident, or this is not its address space.
    /// </summary>
    Unknown,
}
