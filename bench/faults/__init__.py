"""What comes of faults: processes killed, files damaged, disks full, writers ended, clients that hold the server up."""
